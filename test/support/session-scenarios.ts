import type { SessionView } from "../../src/resources/sessions/schema.ts";
import type { FakeGateway, Scenario } from "./fake-session-server.ts";

const id = "8f2c41d0-52b7-4c1e-9a55-0f1b77d2c3aa";
export const pendingSession: SessionView = {
  session_id: id,
  session_type: "ssh",
  status: "pending",
  hostname: "10.20.9.61",
  port: 22,
  username: "deploy",
  jump_hosts: [],
  url: null,
  created_by: "ops",
  created_at: new Date().toISOString(),
  started_at: null,
  ended_at: null,
  end_reason: null,
  end_detail: null,
  active_connections: 0,
  client_url: `/client/${id}`,
  ws_url: `/ws/${id}`,
  share_url: null,
  banner_text: null,
  banner: null,
  recording: false,
  warnings: [],
};
const activeSession: SessionView = {
  ...pendingSession,
  status: "active",
  started_at: new Date().toISOString(),
  created_by: "a.lindqvist@northwind.example",
};
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8v0c1Yt3mFqWc0o5m2tZ4n7kQe9sXbLr6hUaGd2pTf sallyport-8f2c41d0";

const jumpHosts = (count: number): SessionView["jump_hosts"] =>
  ["bastion-fra", "db-gw", "plant-gw-3", "gw-4", "gw-5", "gw-6", "gw-7", "gw-8"]
    .slice(0, count)
    .map((hostname) => ({ hostname, port: 22, username: "jump", host_key: null }));

export const endedScenario = (
  end_reason: SessionView["end_reason"],
  end_detail: string | null,
  ranFor = true,
  hops = 0,
): Scenario => ({
  session: {
    ...pendingSession,
    jump_hosts: jumpHosts(hops),
    status: "ended",
    started_at: ranFor ? "2026-11-24T13:55:10Z" : null,
    ended_at: "2026-11-24T14:42:10Z",
    end_reason,
    end_detail,
  },
});

/** A PNG of one brown pixel: session hosts send pictures as streams. */
const brownPixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** A page of a terminal made of rectangles, with the sync that makes it the first picture. */
const paint = (gateway: FakeGateway, width: number, height: number): void => {
  gateway.send("size", 0, width, height);
  const fill = (x: number, y: number, w: number, h: number, r: number, g: number, b: number) => {
    gateway.send("rect", 0, x, y, w, h);
    gateway.send("cfill", 14, 0, r, g, b, 255);
  };
  fill(0, 0, width, height, 10, 12, 15);
  for (let line = 0; line * 20 < height - 30; line += 1) {
    fill(10, 10 + line * 20, 220, 8, 124, 200, 140);
    fill(240, 10 + line * 20, 120 + ((line * 137) % 600), 8, 185, 193, 204);
  }
  gateway.send("img", 1, 14, 0, "image/png", 10, height - 24);
  gateway.send("blob", 1, brownPixel);
  gateway.send("end", 1);
  gateway.send("sync", 1000 + width);
};

const step = (gateway: FakeGateway, name: string, state: string, more: object = {}): void =>
  gateway.notice({ kind: "step", step: name, state, ...more });

/** A session that runs: it paints itself at every size and copies one text. */
export const runSession = (gateway: FakeGateway): void => {
  gateway.onInstruction = (elements) => {
    if (elements[0] === "size") paint(gateway, Number(elements[1]), Number(elements[2]));
    if (elements[0] === "clipboard" && elements[1] !== undefined) gateway.send("ack", elements[1], "OK", 0);
  };
  for (const name of ["policy", "target", "host"]) step(gateway, name, "done", { ms: 1 });
  paint(gateway, Number(gateway.connectData.get("GUAC_WIDTH")), Number(gateway.connectData.get("GUAC_HEIGHT")));
  const text = "SELECT o.id, o.total\nFROM orders o\nWHERE o.customer_id = 4417 -- äöü 😀\nLIMIT 50;";
  gateway.send("clipboard", 2, "text/plain");
  gateway.send("blob", 2, Buffer.from(text).toString("base64"));
  gateway.send("end", 2);
};

const afterPictureMs = 1_000;
const falling = (gateway: FakeGateway): void => {
  runSession(gateway);
  gateway.fallSilent();
};
const expiring = (limit: string, seconds: number) => (gateway: FakeGateway) => {
  runSession(gateway);
  gateway.notice({ kind: "expires", limit, seconds });
};

/** Every state of the session page, by the id that shows it. */
export const sessionScenarios: Readonly<Record<string, Scenario>> = {
  connecting: {
    session: pendingSession,
    onSocket: (gateway) => {
      step(gateway, "policy", "done", { ms: 1 });
      step(gateway, "target", "running", { limit_seconds: 10 });
    },
  },
  hops: {
    session: { ...pendingSession, jump_hosts: jumpHosts(2) },
    onSocket: (gateway) => {
      step(gateway, "policy", "done", { ms: 1 });
      step(gateway, "hop", "done", { hop: 1, ms: 84 });
      step(gateway, "hop", "running", { hop: 2, limit_seconds: 10 });
    },
  },
  eighthops: {
    session: { ...pendingSession, jump_hosts: jumpHosts(8) },
    onSocket: (gateway) => {
      step(gateway, "policy", "done", { ms: 1 });
      for (const hop of [1, 2, 3, 4, 5]) step(gateway, "hop", "done", { hop, ms: 40 + hop });
      step(gateway, "hop", "running", { hop: 6, limit_seconds: 10 });
    },
  },
  banner: {
    session: {
      ...pendingSession,
      banner: `Build runners belong to the platform team. Do not stop running jobs. This session is watched.\n${key}`,
    },
    onSocket: runSession,
  },
  running: { session: pendingSession, onSocket: runSession },
  prompt: {
    session: { ...pendingSession, session_type: "rdp", port: 3389, username: "m.keller" },
    onSocket: (gateway) => {
      step(gateway, "policy", "done", { ms: 1 });
      const detail = "The target refused this name or password.";
      gateway.notice({ kind: "prompt_refused", tries_left: 2, detail });
      gateway.send("required", "username", "password", "domain");
    },
  },
  question: {
    session: pendingSession,
    onSocket: (gateway) => gateway.send("required", "Verification code from your device: "),
  },
  hopquestion: {
    session: { ...pendingSession, jump_hosts: jumpHosts(2) },
    onSocket: (gateway) => {
      step(gateway, "policy", "done", { ms: 1 });
      step(gateway, "hop", "done", { hop: 1, ms: 84 });
      step(gateway, "hop", "running", { hop: 2, limit_seconds: 10 });
      const detail = "Hop 2, db-gw: db-gw refused the sign-in of jump.";
      gateway.notice({ kind: "prompt_refused", tries_left: 2, detail });
      gateway.send("required", "Hop 2, db-gw: Verification code");
    },
  },
  lost: {
    session: activeSession,
    onSocket: (gateway) => {
      runSession(gateway);
      setTimeout(gateway.cut, afterPictureMs);
    },
  },
  lostearly: {
    session: pendingSession,
    onSocket: (gateway) => {
      step(gateway, "target", "running", { limit_seconds: 10 });
      gateway.cut();
    },
  },
  unstable: { session: activeSession, onSocket: falling },
  idle: { session: activeSession, onSocket: expiring("idle", 120) },
  maximum: { session: activeSession, onSocket: expiring("max_duration", 300) },
  watched: {
    session: activeSession,
    onSocket: (gateway) => {
      runSession(gateway);
      gateway.notice({ kind: "watching", name: "a.lindqvist@northwind.example", mode: "view", joined: true, count: 1 });
    },
  },
  watcher: { session: { ...activeSession, session_type: "vnc", port: 5900 }, onSocket: runSession },
  notstarted: { session: pendingSession },
  elsewhere: {
    session: activeSession,
    onSocket: (gateway) => {
      runSession(gateway);
      gateway.notice({ kind: "taken_over" });
      gateway.close(521);
    },
  },
  desktop: { session: { ...activeSession, session_type: "rdp", port: 3389 }, onSocket: runSession },
  warned: {
    session: { ...pendingSession, warnings: ["font_name is not known to this session host"] },
    onSocket: runSession,
  },
  refused: endedScenario(
    "target_unreachable",
    "10.20.9.61 refuses connections on port 22: nothing listens there.",
    false,
  ),
  unknown: endedScenario("target_unreachable", "The name 10.20.9.61 is not known to the gateway.", false),
  password: endedScenario("auth_failed", null, false),
  hostkey: endedScenario(
    "host_key_changed",
    "10.20.9.61 showed another host key than the one seen before. Now: SHA256:p7Rm2KcQxE0dN5yVt8LhJ3wZb6SgUf1aXo4iBvM9TnY. Expected: SHA256:Yk0v7f2NqX8sT1uP4zLr6hUaGd2pTfW9cVb5mB3wR1s. It may have been reinstalled, or someone may be in between. Nothing was sent to it.",
    false,
  ),
  certificate: endedScenario(
    "certificate_untrusted",
    "10.20.9.61 showed another certificate than the one seen before. Now: SHA256:2B:E4:9D:56:0F:C8:81:3A:F3:AC:65:1E:D7:90:49:02:BB:74:2D:E6:9F:58:11:CA:83:3C:F5:AE:67:20:D9:92. Expected: SHA256:C5:5C:F3:8A:21:B8:4F:E6:7D:14:AB:42:D9:70:07:9E:35:CC:63:FA:91:28:BF:56:ED:84:1B:B2:49:E0:77:0E. It may have been reinstalled, or someone may be in between. Nothing was sent to it.",
    false,
  ),
  hopkey: endedScenario(
    "host_key_changed",
    "Hop 2, db-gw: db-gw showed another host key than the one seen before. Now: SHA256:p7Rm2KcQxE0dN5yVt8LhJ3wZb6SgUf1aXo4iBvM9TnY. Expected: SHA256:Yk0v7f2NqX8sT1uP4zLr6hUaGd2pTfW9cVb5mB3wR1s. It may have been reinstalled, or someone may be in between. Nothing was sent to it.",
    false,
    2,
  ),
  hopfailed: endedScenario("hop_failed", "Hop 2, db-gw: db-gw stopped answering: silent for 12 s.", true, 2),
  hoprefuses: endedScenario(
    "hop_failed",
    "Hop 1, bastion-fra: bastion-fra does not let jump pass on connections to db-gw on port 22. Its sshd decides that by AllowTcpForwarding and PermitOpen.",
    false,
    2,
  ),
  guacd: endedScenario("guacd_failed", null),
  signedout: endedScenario("target_closed", "exit status 0"),
  closed: endedScenario("closed", null),
  toolong: endedScenario("max_duration", "The limit is 8 hours."),
  terminated: endedScenario("terminated", "a.lindqvist ended this session."),
  gone: endedScenario("client_gone", null),
  toooften: {
    problem: {
      status: 429,
      code: "rate_limited",
      detail: "Too many requests. Wait 12 s.",
      retryAfterSeconds: 12,
    },
  },
  foreign: {
    problem: { status: 403, code: "forbidden", detail: "You can see this, but your role (viewer) may not do it." },
  },
};
