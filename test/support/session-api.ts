import { z } from "zod";
import { openTunnel, type TunnelClient } from "./tunnel-client.ts";

const row = z.object({
  session_id: z.string(),
  status: z.string(),
  started_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  end_detail: z.string().nullable(),
  active_connections: z.int(),
  warnings: z.array(z.string()),
});

/** The sessions API of one caller, and a browser's side of its sockets. */
export interface SessionApi {
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** Makes a session with the usual fields, these over them. */
  create(fields?: object): Promise<string>;
  read(id: string): Promise<z.infer<typeof row>>;
  /** Opens the socket of a session; the query's fields win over 800 × 600. */
  attach(id: string, query?: Readonly<Record<string, string>>): Promise<TunnelClient>;
}

/** `credential` is a Cookie header, or headers with another kind of it. */
export const sessionApi = (
  gateway: { readonly url: string },
  credential: string | Readonly<Record<string, string>>,
  usual: object = {},
): SessionApi => {
  const signedIn = typeof credential === "string" ? { cookie: credential } : credential;
  const call: SessionApi["call"] = (method, path, body) =>
    fetch(gateway.url + path, {
      method,
      headers: { ...signedIn, "sec-fetch-site": "same-origin", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    call,
    create: async (fields = {}) => {
      const response = await call("POST", "/api/sessions", { ...usual, ...fields });
      if (response.status !== 201) throw new Error(`No session: ${await response.text()}`);
      return row.parse(await response.json()).session_id;
    },
    read: async (id) => row.parse(await (await call("GET", `/api/sessions/${id}`)).json()),
    attach: (id, query = {}) => {
      const data = new URLSearchParams({ GUAC_WIDTH: "800", GUAC_HEIGHT: "600", GUAC_DPI: "96", ...query });
      return openTunnel(`${gateway.url}/ws/${id}?${data}`, { ...signedIn, origin: gateway.url });
    },
  };
};

export const isSync = ([opcode]: readonly string[]): boolean => opcode === "sync";

/** Answers a question of the session, each name on a stream of its own from `firstStream` on. */
export const answer = (client: TunnelClient, answers: Readonly<Record<string, string>>, firstStream = 0): void => {
  for (const [index, [name, value]] of Object.entries(answers).entries()) {
    const stream = String(firstStream + index);
    client.send("argv", stream, "text/plain", name);
    client.send("blob", stream, Buffer.from(value).toString("base64"));
    client.send("end", stream);
  }
};
