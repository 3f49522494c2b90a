import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { debianMirrors, debianRelease } from "../../../scripts/lib/debian-mirrors.mjs";
import { isGuacdConfigured, namesGuacd } from "../../../scripts/lib/guacd-configured.mjs";
import { isNewEnough } from "../../../scripts/lib/node.mjs";

test.each([
  ["24.15.0", true],
  ["24.9.0", false],
  ["26.0.0", true],
  ["22.21.1", false],
  ["18.20.4", false],
])("Node %s can run the gateway: %s", (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test("Debian's release is read from os-release, and no other system is taken for it", () => {
  const debian = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n';
  expect(debianRelease(debian)).toEqual({ version: 13, codename: "trixie" });
  expect(debianRelease('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n')).toBeUndefined();
  expect(debianRelease("ID=debian\n")).toBeUndefined();
});

const blocks = `Types: deb
# the nearest one
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://security.example/debian-security
Suites: trixie-security
Components: main
`;

test("the host's own mirrors are used, from both formats of apt sources", () => {
  const expected = { main: "http://mirror.example/debian", security: "http://security.example/debian-security" };
  expect(debianMirrors([blocks], "trixie")).toEqual(expected);
  const lines = `# deb http://old.example/debian bookworm main
deb cdrom:[Debian 12]/ bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://mirror.example/debian bookworm main contrib
`;
  expect(debianMirrors([lines], "bookworm")).toEqual({ main: "https://mirror.example/debian", security: "" });
});

test("a mirror that is switched off or serves another release is not used", () => {
  expect(debianMirrors([blocks.replace("Types: deb\n", "Enabled: no\nTypes: deb\n")], "trixie")).toBeUndefined();
  expect(debianMirrors([blocks], "bookworm")).toBeUndefined();
  expect(debianMirrors([], "trixie")).toBeUndefined();
});

test.each([
  ['[guacd]\npath = "/opt/guacd"', true],
  ['[server]\nport = 1\n\n  [ guacd ] # ours\n  addresses = ["a:4822"]', true],
  ['guacd.path = "/opt/guacd"', true],
  ["[guacd]\nsilence_seconds = 20\n[tls]\ncert_path = 'x'", false],
  ["[guacd]\n# path = 'x'", false],
])("a configuration that names a guacd is seen: %j → %s", (toml, expected) => {
  expect(namesGuacd(toml)).toBe(expected);
});

test("an environment that names a guacd is seen", () => {
  expect(isGuacdConfigured([], { SALLYPORT_GUACD_ADDRESSES: "guacd:4822" })).toBe(true);
  expect(isGuacdConfigured(["--config", "/nowhere.toml"], { SALLYPORT_GUACD_PATH_FILE: "/run/secrets/path" })).toBe(
    true,
  );
  expect(isGuacdConfigured(["--config=/nowhere.toml"], {})).toBe(false);
});

test("of the packages that would run a script of theirs, every one is named, and only ssh2 may", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8"));
  const allowed: Record<string, boolean> = read("package.json").allowScripts;
  const locked: Record<string, { hasInstallScript?: boolean }> = read("package-lock.json").packages;
  const withScripts = Object.entries(locked)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(withScripts).toContain("@scarf/scarf");
  expect(withScripts.filter((name) => !Object.hasOwn(allowed, name))).toEqual([]);
  expect(Object.keys(allowed).filter((name) => allowed[name])).toEqual(["ssh2"]);
});
