export interface NewKeyValues {
  name: string;
  /** One a line, or with commas. */
  addresses: string;
  /** Days, "never", or "day" for the day that is given. */
  lifetime: string;
  day: string;
}

export const lifetimes = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
  { value: "day", label: "On a day…" },
] as const;

const dayMs = 86_400_000;

export const faultsOf = (values: NewKeyValues, nowMs: number): Partial<Record<keyof NewKeyValues, string>> => {
  const faults: Partial<Record<keyof NewKeyValues, string>> = {};
  if (values.name.trim() === "") faults.name = "Type what the key is for.";
  if (values.lifetime === "day" && !(endOfDay(values.day) > nowMs)) faults.day = "Choose a day to come.";
  return faults;
};

/** The body of `POST /api/admin/keys`. */
export const requestOf = (values: NewKeyValues, nowMs: number) => {
  const allowed = values.addresses.split(/[\s,;]+/).filter((address) => address !== "");
  const expiresMs = expiryMs(values, nowMs);
  return {
    name: values.name.trim(),
    ...(allowed.length === 0 ? {} : { allowed_ips: allowed }),
    ...(expiresMs === null ? {} : { expires_at: new Date(expiresMs).toISOString() }),
  };
};

const expiryMs = ({ lifetime, day }: NewKeyValues, nowMs: number): number | null => {
  if (lifetime === "never") return null;
  return lifetime === "day" ? endOfDay(day) : nowMs + Number(lifetime) * dayMs;
};

/** The last second of a day of this computer's zone; NaN for what is no day. */
const endOfDay = (day: string): number => Date.parse(`${day}T23:59:59`);
