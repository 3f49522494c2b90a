// Exits with 0 when the gateway of this container answers. TLS is not verified: the certificate is for other names.
import { request as plain } from "node:http";
import { request as encrypted } from "node:https";

const { SALLYPORT_SERVER_PORT: port = "8089", SALLYPORT_TLS_CERT_PATH: certificate } = process.env;
const request = certificate ? encrypted : plain;
const path = "/api/health";
request({ host: "127.0.0.1", port, path, timeout: 4000, rejectUnauthorized: false }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on("timeout", () => process.exit(1))
  .on("error", () => process.exit(1))
  .end();
