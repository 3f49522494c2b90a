import type { Page } from "playwright-core";
import {
  begins,
  ends,
  type FoundFault,
  fails,
  fakeDiagnose,
  succeeds,
  type TestEvent,
  warns,
} from "./fake-diagnose.ts";
import type { PortalState } from "./portal-state.ts";
import { clicks, form, pastes, says, seesDialog } from "./portal-steps.ts";

const line = "ssh -J jump@bastion-fra.corp.example,plantjump@plant-gw:2200,c@cell-3 furnace@172.19.3.7";
const longLine = `ssh -J ${[
  "jump@bastion-fra.corp.example",
  "edge@10.20.0.9:2222",
  `nw-transit@${"ath-border-".repeat(6)}hellenic.example`,
  "dmz@10.96.0.1,core@10.96.4.18,mpls@172.30.0.4,admin@192.168.200.1,pj@[2001:db8:4:2::18]:2200",
].join(",")} furnace@192.168.240.18`;

/** The way in the form of a new session, which a pasted line brings. */
const hopForm = (name: string, pasted: string, then: (page: Page) => Promise<unknown>): PortalState => ({
  ...{ name, path: "/", who: "poweruser", place: "empty" },
  reach: form(async (page) => {
    await pastes(page, pasted);
    await then(page);
    await page.getByRole("img", { name: /^Path: / }).scrollIntoViewIfNeeded();
  }),
});
const toggle = (page: Page, hop: number) => clicks(page, new RegExp(`^Hop ${hop}: `));

/** A test of the connection that has come as far as these events. */
const tested = (
  name: string,
  pasted: string,
  events: readonly TestEvent[],
  then: (page: Page) => Promise<unknown>,
): PortalState => ({
  ...hopForm(name, pasted, () => Promise.resolve()),
  before: (page) => page.addInitScript(fakeDiagnose(events)),
  reach: form(async (page) => {
    await pastes(page, pasted);
    await clicks(page, "Test connection");
    await seesDialog(page);
    await then(page);
  }),
});

const signedIn = (hop: number, host: string, ms: number): TestEvent[] => [
  succeeds("connect", `Hop ${hop}, ${host}`, ms, `${host}, port 22`),
  succeeds("host_key", `Hop ${hop}, ${host}`, ms * 3, "matches the key seen before"),
  succeeds("sign_in", `Hop ${hop}, ${host}`, ms * 4, "private key accepted"),
];
const start = [
  succeeds("policy", "Target, 172.19.3.7", 1, "172.19.0.0/16 is on the SSH list"),
  succeeds("name", "Hop 1, bastion-fra.corp.example", 6, "bastion-fra.corp.example is 10.20.0.4"),
  ...signedIn(1, "bastion-fra.corp.example", 9),
];
const refused: FoundFault = {
  cause: "forwarding_refused",
  message:
    "plant-gw does not let this account pass on connections. The sign-in worked, but its SSH server refused to open a channel to cell-3 on port 22.",
  fix: ["On plant-gw, set AllowTcpForwarding yes for user plantjump.", "If PermitOpen is used, add cell-3:22 to it."],
};

export const hopStates: readonly PortalState[] = [
  hopForm("hops", line, (page) => toggle(page, 2)),
  hopForm("hops-key", line, async (page) => {
    const hop = page.getByRole("group", { name: /^Hop 1, / });
    await hop.getByText("Both", { exact: true }).click();
    await hop.getByLabel("Host key").fill("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleQ==");
  }),
  hopForm("hops-8", longLine, (page) => toggle(page, 1)),
  hopForm("hops-faults", line.replace("plantjump@", ""), async (page) => {
    await clicks(page, "Start session");
    await says("Type who signs in there.")(page);
  }),
  hopForm("hops-misfit", "ssh -o ProxyCommand='nc -x proxy:1080 %h %p' deploy@db-1", async (page) => {
    await says(/^This way does not fit/)(page);
    await clicks(page, "Add hop");
  }),
  tested(
    "test-running",
    line,
    [...start, succeeds("connect", "Hop 2, plant-gw", 18), begins("sign_in", "Hop 2, plant-gw")],
    says("10 s at most"),
  ),
  tested(
    "test-failed",
    line,
    [...start, ...signedIn(2, "plant-gw", 18), fails("forward", "Hop 2, plant-gw", 22, refused), ends(false)],
    says("What to do"),
  ),
  tested(
    "test-passed",
    line,
    [
      ...start,
      ...signedIn(2, "plant-gw", 18),
      ...signedIn(3, "cell-3", 240),
      succeeds("connect", "Target, 172.19.3.7", 310, "port 22 answers"),
      succeeds("guacd", "Session host", 2, "guacd 1.6.0"),
      succeeds("limits", "Gateway", 1, "3 of 50 sessions"),
      ends(true),
    ],
    says(/^Everything answers/),
  ),
  tested(
    "test-warning",
    line,
    [
      ...start,
      succeeds("connect", "Target, 172.19.3.7", 310, "port 22 answers"),
      warns("guacd", "Session host", 2, {
        cause: "guacd_option_unknown",
        message: "This guacd does not know disable_copy. The session starts without it.",
        fix: ["Update guacd.", "Leave the option out."],
      }),
      ends(true),
    ],
    says("What to do"),
  ),
  tested("test-lost", line, [...start, begins("connect", "Hop 2, plant-gw")], async (page) => {
    await says("10 s at most")(page);
    await page.evaluate("cutTest()");
    await says("The connection to the gateway was lost.")(page);
  }),
  tested(
    "test-8-hops",
    longLine,
    [...[1, 2, 3, 4, 5].flatMap((hop) => signedIn(hop, `gw-${hop}`, 8)), begins("host_key", "Hop 6, 172.30.0.4")],
    says("10 s at most"),
  ),
  {
    ...{ name: "again-unknown", path: "/?again=019ab3f0-52b7-7c1e-9a55-0f1b77d2c3aa&test" },
    ...{ who: "poweruser", place: "empty" },
    reach: says("That session could not be read."),
  },
];
