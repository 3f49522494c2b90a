import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

/** An HTTP client whose connections stay open and that costs little, so that it is not what is measured. */
export class KeepAliveClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#headers = headers;
  }

  /** The body of a good answer, with how long all of it took in milliseconds; rejects for any other answer. */
  async call(method: string, path: string, body?: object): Promise<{ text: string; tookMs: number }> {
    const startMs = performance.now();
    const json = body ? JSON.stringify(body) : "";
    const headers = { ...this.#headers, "content-type": "application/json", "content-length": Buffer.byteLength(json) };
    const sent = request(this.#url + path, { method, headers, agent: this.#agent });
    sent.end(json);
    const [response] = await once(sent, "response");
    const answer = await text(response);
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${answer}`);
    return { text: answer, tookMs: performance.now() - startMs };
  }

  close(): void {
    this.#agent.destroy();
  }
}
