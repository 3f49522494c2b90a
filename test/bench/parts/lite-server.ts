// The peer: guacamole-lite as its documentation starts it, without its log and its limit for a quiet browser. Argument:
// guacd's port.
import { createServer } from "node:http";
import GuacamoleLite from "guacamole-lite";
import { portOf } from "../../support/port-of.ts";
import { liteCrypt } from "./lite-token.ts";
import { tellPort } from "./tell-port.ts";

const server = createServer().listen(0, "127.0.0.1");
new GuacamoleLite(
  { server },
  { host: "127.0.0.1", port: Number(process.argv[2]) },
  { crypt: liteCrypt, maxInactivityTime: 0, log: { level: "QUIET" } },
);
tellPort(await portOf(server));
