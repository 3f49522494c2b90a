import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import { readPageAssets } from "../../src/http/assets.ts";
import { pageResponse } from "../../src/http/page.ts";
import { contentSecurityPolicy } from "../../src/http/security-headers.ts";
import type { SessionView } from "../../src/resources/sessions/schema.ts";

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** What the session page meets under one id: an answer of the API, and what its socket then hears. */
export interface Scenario {
  session?: SessionView | undefined;
  problem?: Refused | undefined;
  onSocket?: ((peer: FakeGateway) => void) | undefined;
  /** Gets every socket that is let in, before what runs on it. */
  onPeer?: ((peer: FakeGateway) => void) | undefined;
}

export interface FakeGateway {
  /** What the page told of itself when it connected. */
  readonly connectData: URLSearchParams;
  send(...elements: ReadonlyArray<string | number>): void;
  notice(notice: object): void;
  /** What the page sent so far, pings left out. */
  readonly received: ReadonlyArray<readonly string[]>;
  onInstruction: ((elements: readonly string[]) => void) | null;
  close(status: number): void;
  /** The network is gone, without a word. */
  cut(): void;
  /** How many the page has sent. */
  pings(): number;
  /** Answers no more pings and sends nothing: a network that went silent. */
  fallSilent(): void;
}

export interface FakeSessionServer {
  readonly origin: string;
  close(): Promise<void>;
}

const notFound = { status: 404, code: "not_found", detail: "No such session" };
const upgradeRequired = { status: 426, code: "upgrade_required", detail: "This is a WebSocket" };
const nonce = "bm9uY2Utb2YtdGhlLXRlc3Q";
const types: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };

/** Serves the built session page with a strict policy, canned answers and a scripted socket; the caller closes it. */
export const startFakeSessionServer = async (
  scenarios: Readonly<Record<string, Scenario>>,
): Promise<FakeSessionServer> => {
  const html = await pageHtml();
  const server = createServer(async (request, response) => {
    const [, top = "", second = "", third = ""] = (request.url ?? "/").split("?")[0]?.split("/") ?? [];
    const scenario = scenarios[top === "api" ? third : second];
    if (top === "client") {
      response
        .writeHead(200, { "content-type": "text/html", "content-security-policy": contentSecurityPolicy(nonce) })
        .end(html);
    } else if (top === "assets" || top === "favicon.svg") {
      const file = new URL(`../../public/${[top, second].filter(Boolean).join("/")}`, import.meta.url);
      const body = await readFile(file).catch(() => null);
      response
        .writeHead(body ? 200 : 404, { "content-type": types[file.pathname.split(".").at(-1) ?? ""] ?? "" })
        .end(body);
    } else if (scenario?.session && !scenario.problem && top === "api") {
      response.writeHead(request.method === "DELETE" ? 204 : 200, { "content-type": "application/json" });
      response.end(request.method === "DELETE" ? "" : JSON.stringify(scenario.session));
    } else {
      const problem: Refused = scenario?.problem ?? (scenario?.session && top === "ws" ? upgradeRequired : notFound);
      if (problem.retryAfterSeconds !== undefined) response.setHeader("retry-after", problem.retryAfterSeconds);
      response.writeHead(problem.status, {
        "content-type": "application/problem+json",
        "x-request-id": "01KAG2M7RWC4",
      });
      response.end(JSON.stringify(problem));
    }
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "guacamole" });
  server.on("upgrade", (request, socket, head) => {
    const id = (request.url ?? "").split("?")[0]?.split("/")[2] ?? "";
    const scenario = scenarios[id];
    if (!scenario?.onSocket) socket.destroy();
    else
      sockets.handleUpgrade(request, socket, head, (client) => {
        const peer = fakeGateway(client, new URL(request.url ?? "/", "http://host").searchParams);
        scenario.onPeer?.(peer);
        scenario.onSocket?.(peer);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The fake server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const pageHtml = async (): Promise<string> => {
  const assets = await readPageAssets(
    fileURLToPath(new URL("../../public", import.meta.url)),
    "src/web/session/main.ts",
  );
  const page = pageResponse({
    title: "Sallyport",
    assets,
    nonce,
    facts: {
      "banner-timeout-seconds": "900",
      "resume-seconds": "300",
      "idle-timeout-seconds": "3600",
      "max-duration-seconds": "28800",
      "site-title": "Sallyport",
    },
  });
  return page.text();
};

const encode = (elements: ReadonlyArray<string | number>): string =>
  `${elements.map((element) => `${Array.from(String(element)).length}.${element}`).join(",")};`;

const decode = (message: string): string[] => {
  const characters = Array.from(message);
  const elements: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const dot = characters.indexOf(".", at);
    const end = dot + 1 + Number(characters.slice(at, dot).join(""));
    elements.push(characters.slice(dot + 1, end).join(""));
    at = end + 1;
  }
  return elements;
};

const fakeGateway = (socket: WebSocket, connectData: URLSearchParams): FakeGateway => {
  const received: string[][] = [];
  let isSilent = false;
  let pings = 0;
  const gateway: FakeGateway = {
    connectData,
    received,
    onInstruction: null,
    send: (...elements) => socket.send(encode(elements)),
    notice: (notice) => socket.send(encode(["sp-notice", JSON.stringify(notice)])),
    pings: () => pings,
    fallSilent: () => {
      isSilent = true;
    },
    close: (status) => socket.close(1000, String(status)),
    cut: () => socket.terminate(),
  };
  socket.on("message", (data) => {
    const elements = decode(String(data));
    if (elements[0] === "") {
      pings += 1;
      if (!isSilent) gateway.send(...elements);
      return;
    }
    received.push(elements);
    gateway.onInstruction?.(elements);
  });
  gateway.send("", "5f0f1f5e-0000-4000-8000-000000000000");
  return gateway;
};
