import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/**
 * Who may vouch for a target's certificate: the authorities of this system and those that Node has of itself,
 * `NODE_EXTRA_CA_CERTS` included. What is too weak for FreeRDP's own default is too weak here. Reads some hundred files, so
 * once for a process.
 */
export const certificateAuthorities = (): SecureContext =>
  createSecureContext({
    ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system")])],
    ciphers: "DEFAULT@SECLEVEL=1",
  });
