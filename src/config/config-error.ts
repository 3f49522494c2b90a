/** One thing that is wrong with the configuration. `why` never repeats a value: it may be a secret. */
export interface ConfigFault {
  /** `server.port`, an unknown key as it was written, or null when the file as a whole cannot be used. */
  readonly key: string | null;
  /** Where it was set: `/etc/sallyport.toml:4` or the name of an environment variable. */
  readonly where: string;
  readonly why: string;
}

/** The configuration cannot be used; holds every fault that was found. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(describeFault).join("\n"));
    this.faults = faults;
  }
}

export const describeFault = ({ where, key, why }: ConfigFault): string =>
  key === null ? `${where}: ${why}` : `${where}: ${key}: ${why}`;
