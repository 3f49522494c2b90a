import { isDeepStrictEqual } from "node:util";
import { Secret } from "../core/secret.ts";
import type { LoadedConfig } from "./load.ts";
import { isTable } from "./paths.ts";
import type { Config } from "./schema.ts";

/**
 * Whether a key may change while the gateway runs; every other one waits for a restart, and so does the step between a guacd
 * of the gateway's own and given ones.
 */
export const changesAtRunTime = (path: string): boolean =>
  /^(session|targets|rate_limit|tunnel|auth)\.|^(guacd|ssh)\.\w+_timeout_seconds$/.test(path) ||
  ["log.level", "server.site_title", "ssh.host_key_policy", "guacd.addresses"].includes(path);

export interface Reloaded {
  /** Keys whose new value applies from now on. */
  readonly applied: readonly string[];
  /** Keys whose new value waits for a restart. */
  readonly waiting: readonly string[];
}

/** The configuration of a running gateway. Take `config` once per request or session: it is a snapshot. */
export class Settings {
  #loaded: LoadedConfig;
  readonly #load: () => LoadedConfig;

  /** Reads the configuration with `load`, here and at every `reload`. Throws `ConfigError`. */
  constructor(load: () => LoadedConfig) {
    this.#load = load;
    this.#loaded = load();
  }

  get config(): Config {
    return this.#loaded.config;
  }

  /** Reads the configuration again. Throws `ConfigError` on a broken one; the old values stay. */
  reload(): Reloaded {
    const old = this.#loaded;
    const fresh = this.#load();
    const changed = [...fresh.values.keys()].filter(
      (path) => !isDeepStrictEqual(fresh.values.get(path), old.values.get(path)),
    );
    const isOwn = (config: Config) => config.guacd.addresses.length === 0;
    const staysOwn = isOwn(fresh.config) === isOwn(old.config);
    const changesNow = (path: string) => changesAtRunTime(path) && (path !== "guacd.addresses" || staysOwn);
    const [applied, waiting] = [changed.filter(changesNow), changed.filter((path) => !changesNow(path))];
    const values = new Map(old.values);
    for (const path of applied) values.set(path, fresh.values.get(path));
    // The cast is safe: both are a Config, and a value is of one or of the other.
    const config = takeOver(old.config, fresh.config, "", changesNow) as Config;
    this.#loaded = { ...old, config, values };
    return { applied, waiting };
  }
}

/** `old` with the values of `fresh` for keys that may change. */
const takeOver = (old: unknown, fresh: unknown, path: string, mayChange: (path: string) => boolean): unknown => {
  if (!isTable(old) || !isTable(fresh) || old instanceof Secret) return mayChange(path) ? fresh : old;
  const names = Object.keys(fresh).map((name) => {
    const inFile = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [name, takeOver(old[name], fresh[name], path === "" ? inFile : `${path}.${inFile}`, mayChange)];
  });
  return Object.freeze(Object.fromEntries(names));
};
