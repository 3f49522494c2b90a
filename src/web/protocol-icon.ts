type ProtocolIcon = "terminal" | "globe" | "display";

const icons: Readonly<Record<string, ProtocolIcon>> = { ssh: "terminal", web: "globe" };

/** The outline that stands for a protocol; those with a desktop share one. */
export const protocolIcon = (sessionType: string): ProtocolIcon => icons[sessionType] ?? "display";
