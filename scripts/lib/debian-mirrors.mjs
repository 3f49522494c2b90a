import { existsSync, readdirSync, readFileSync } from "node:fs";

const keyrings = ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"];

/** Debian's release, such as { version: 12, codename: "bookworm" }, or undefined on another system. */
export function debianRelease(osRelease) {
  const value = (key) => osRelease.match(new RegExp(`^${key}="?([^"\n]*)"?$`, "m"))?.[1];
  const version = Number(value("VERSION_ID"));
  return value("ID") === "debian" && version ? { version, codename: value("VERSION_CODENAME") } : undefined;
}

/**
 * Where this host gets Debian's packages and security updates from, read from the texts of its apt sources.
 * `security` is "" when there is none; undefined when no source names the release.
 */
export function debianMirrors(texts, codename) {
  const sources = texts.flatMap((text) => [...blockSources(text), ...lineSources(text)]);
  const uriOf = (suite) => sources.find((source) => source.suites.includes(suite))?.uri;
  const main = uriOf(codename);
  return main && { main, security: uriOf(`${codename}-security`) ?? "" };
}

function blockSources(text) {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const field = (name) => block.match(new RegExp(`^${name}:[ \t]*(.*)$`, "im"))?.[1].trim();
    if (!/\bdeb\b/.test(field("Types") ?? "") || /^(no|false|0)$/i.test(field("Enabled") ?? "")) return [];
    const suites = (field("Suites") ?? "").split(/\s+/);
    return (field("URIs") ?? "")
      .split(/\s+/)
      .filter(isWeb)
      .map((uri) => ({ uri, suites }));
  });
}

function lineSources(text) {
  return [...text.matchAll(/^deb[ \t]+(?:\[[^\]]*\][ \t]+)?(\S+)[ \t]+(\S+)[ \t]+\S/gm)]
    .map(([, uri, suite]) => ({ uri, suites: [suite] }))
    .filter((source) => isWeb(source.uri));
}

function isWeb(uri) {
  return /^https?:\/\//.test(uri);
}

/** This host's apt source texts. */
export function readSources(folder = "/etc/apt") {
  const parts = `${folder}/sources.list.d`;
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return [`${folder}/sources.list`, ...names.map((name) => `${parts}/${name}`)]
    .filter((path) => existsSync(path) && !path.includes("sallyport-"))
    .map((path) => readFileSync(path, "utf8"));
}

/** The file with the keys of Debian's archive. */
export function debianKeyring() {
  return keyrings.find((path) => existsSync(path));
}
