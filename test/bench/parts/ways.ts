import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { startGatewayProcess } from "../../support/gateway-process.ts";
import { noRateLimits } from "../../support/rate-limits.ts";
import { KeepAliveClient } from "./keep-alive-client.ts";
import { liteQuery } from "./lite-token.ts";
import { startProgram } from "./program.ts";
import { openRawBrowser, openRawTcp, type RawClient } from "./raw-browser.ts";

/** One way from guacd to a browser, in a process of its own. Whoever starts it calls `stop`. */
export interface Way {
  /** Of the process that is measured; null when there is none in between. */
  readonly pid: number | null;
  readonly hasExited: boolean;
  /** A browser's connection for which guacd plays what `username` says. The caller calls `close`. */
  open(username: string): Promise<{ readonly client: RawClient; close(): Promise<void> }>;
  stop(): Promise<void>;
}

export type StartWay = (guacdPort: number) => Promise<Way>;

export const startOurs: StartWay = async (guacdPort) => {
  const gateway = await startBenchGateway(guacdPort);
  return { ...gateway, open: async (username) => gateway.attach((await gateway.create({ username })).id) };
};

export const startPipe: StartWay = async (guacdPort) => {
  const program = await startProgram("bare-pipe.ts", guacdPort);
  return {
    ...program,
    get hasExited() {
      return program.hasExited;
    },
    open: async (username) => begun(await openRawBrowser(`http://127.0.0.1:${program.port}/`), handshake(username)),
  };
};

export const startLite: StartWay = async (guacdPort) => {
  const program = await startProgram("lite-server.ts", guacdPort);
  return {
    ...program,
    get hasExited() {
      return program.hasExited;
    },
    open: async (username) => begun(await openRawBrowser(`http://127.0.0.1:${program.port}/?${liteQuery(username)}`)),
  };
};

/** Nothing in between. */
export const startDirect: StartWay = async (guacdPort) => ({
  pid: null,
  hasExited: false,
  open: async (username) => begun(await openRawTcp(guacdPort), handshake(username)),
  stop: async () => undefined,
});

const handshake = (username: string): string =>
  [
    ["select", "vnc"],
    ["size", "1024", "768", "96"],
    ["audio"],
    ["video"],
    ["image", "image/png"],
    ["connect", "VERSION_1_5_0", "127.0.0.1", "1", username, ""],
  ]
    .map(encodeInstruction)
    .join("");

const begun = (client: RawClient, first = "") => {
  if (first !== "") client.send(first);
  const close = async () => {
    client.destroy();
    await client.closed;
  };
  return { client, close };
};

const created = z.object({ session_id: z.string() });

/** Our gateway as it is run, with room for many sessions, before a replaying guacd. */
export const startBenchGateway = async (guacdPort: number) => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"));
  const gateway = await startGatewayProcess(folder, {
    env: {
      SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${guacdPort}`,
      SALLYPORT_TARGETS_VNC_ALLOW: "127.0.0.0/8",
      SALLYPORT_SESSION_MAX_TOTAL: "10000",
      SALLYPORT_SESSION_MAX_PER_USER: "10000",
      SALLYPORT_SERVER_MAX_CONNECTIONS_PER_ADDRESS: "0",
      ...noRateLimits,
    },
  });
  const headers = { Authorization: `Bearer ${gateway.firstKey}` };
  const http = new KeepAliveClient(gateway.url, headers);
  return {
    pid: gateway.child.pid ?? 0,
    get hasExited() {
      return gateway.child.exitCode !== null;
    },
    call: (method: string, path: string) => http.call(method, path),
    /** A session to a target that is there, so that guacd is asked; with how long the answer took. */
    create: async (fields: object = {}): Promise<{ id: string; tookMs: number }> => {
      // guacd itself plays the target that is dialled before guacd is asked.
      const body = { session_type: "vnc", hostname: "127.0.0.1", port: guacdPort, ...fields };
      const { text, tookMs } = await http.call("POST", "/api/sessions", body);
      return { id: created.parse(JSON.parse(text)).session_id, tookMs };
    },
    attach: async (id: string) => {
      const query = new URLSearchParams({ GUAC_WIDTH: "1024", GUAC_HEIGHT: "768", GUAC_DPI: "96" });
      const client = await openRawBrowser(`${gateway.url}/ws/${id}?${query}`, headers);
      const close = async () => {
        await http.call("DELETE", `/api/sessions/${id}`);
        client.destroy();
        await client.closed;
      };
      return { client, close };
    },
    stop: async () => {
      http.close();
      await gateway.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
