import { Parser, Tunnel } from "@glokon/guacamole-common-js";

/** A silence this long calls for a sign of life. */
const silenceMs = 13_000;
/** A sign of life that was asked for comes within this time, or the network is gone. */
const signOfLifeMs = 2_000;
const unstableAfterMs = 3_000;
const pingEveryMs = 1_000;
const internalOpcode = "";
const statusUpstreamTimeout = 514;
const statusServerError = 512;

/**
 * The session's WebSocket as a Guacamole tunnel. It differs from the library's own in that it tells round-trip times and
 * why it closed, and finds out at once whether it still lives. The first message is the tunnel's id; nothing is sent
 * before it.
 */
export class GatewayTunnel extends Tunnel {
  /** Milliseconds from a ping to its answer, about once a second. */
  onroundtrip: ((ms: number) => void) | null = null;
  /** The socket is open, though nothing has been received yet. */
  onsocket: (() => void) | null = null;
  /** Called once. `status` is Guacamole's, null when the browser knows none; `wasOpen` is false when the upgrade failed. */
  onclosed: ((status: number | null, wasOpen: boolean) => void) | null = null;
  lastHeardMs = Date.now();
  readonly #path: string;
  #socket: WebSocket | null = null;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #lastPingMs = 0;

  constructor(path: string) {
    super();
    this.#path = path;
    this.unstableThreshold = unstableAfterMs;
    // The library's base class makes these per object, so prototype methods would be hidden by them.
    this.connect = (data) => this.#connect(data);
    this.disconnect = () => this.#finish(0, 1000);
    this.sendMessage = (...elements) => {
      // Between the gateway's close and our hearing of it the state is still open, and browsers complain of a send.
      if (this.isConnected() && this.#socket?.readyState === WebSocket.OPEN)
        this.#socket.send(Parser.toInstruction(elements));
    };
  }

  /** Asks for a sign of life and closes without one: a network that changed tells nobody. */
  probe(): void {
    if (this.state === Tunnel.State.CLOSED) return;
    this.#ping();
    this.#timers.push(setTimeout(() => this.#finish(statusUpstreamTimeout), signOfLifeMs));
  }

  #connect(data: string): void {
    const url = new URL(`${this.#path}?${data}`, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, "guacamole");
    this.#socket = socket;
    const parser = new Parser();
    parser.oninstruction = (opcode, args) => this.#receive(opcode, args);
    this.setState(Tunnel.State.CONNECTING);
    this.#heard();
    socket.onopen = () => {
      this.#heard();
      this.onsocket?.();
    };
    socket.onmessage = ({ data: message }) => {
      this.#heard();
      try {
        parser.receive(String(message));
      } catch {
        this.#finish(statusServerError);
      }
    };
    socket.onclose = ({ reason }) => this.#finish(/^\d+$/.test(reason) ? Number(reason) : null);
  }

  #receive(opcode: string, args: string[]): void {
    if (opcode !== internalOpcode) {
      this.oninstruction?.(opcode, args);
    } else if (args[0] === "ping") {
      this.onroundtrip?.(Math.max(0, Date.now() - Number(args[1])));
    } else if (args.length === 1 && args[0] !== undefined && this.uuid === null) {
      this.setUUID(args[0]);
      this.setState(Tunnel.State.OPEN);
      this.#ping();
    }
  }

  /** Something arrived: the silence is over, and the next ping is due. */
  #heard(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.lastHeardMs = Date.now();
    if (this.state === Tunnel.State.UNSTABLE) this.setState(Tunnel.State.OPEN);
    this.#timers = [
      // Browsers hold back the timers of hidden pages, pings included, so that silence alone proves nothing.
      setTimeout(() => this.probe(), silenceMs),
      setTimeout(() => this.isConnected() && this.setState(Tunnel.State.UNSTABLE), this.unstableThreshold),
      setTimeout(() => this.#ping(), Math.max(0, this.#lastPingMs + pingEveryMs - Date.now())),
    ];
  }

  #ping(): void {
    this.#lastPingMs = Date.now();
    this.sendMessage(internalOpcode, "ping", this.#lastPingMs);
  }

  #finish(status: number | null, closeCode?: number): void {
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.state === Tunnel.State.CLOSED) return;
    const wasOpen = this.uuid !== null;
    this.setState(Tunnel.State.CLOSED);
    this.#socket?.close(closeCode);
    this.onclosed?.(status, wasOpen);
  }
}
