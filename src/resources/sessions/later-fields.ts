/** Fields of the API that this version does not serve yet. They are refused by name rather than accepted and ignored. */
export const laterFields: ReadonlySet<string> = new Set([
  "owner",
  "recording",
  "share",
  "enable_drive",
  "url",
  "autofill",
  "allowed_domains",
  "login_script",
]);

export const laterProtocols = ["web"] as const;
