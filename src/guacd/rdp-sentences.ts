/** What guacd says when an RDP session fails (its src/protocols/rdp/error.c, 1.3.0 to 1.6.0) → what that means. */
const sentences: Readonly<Record<string, string>> = {
  "SSL/TLS connection failed (untrusted/self-signed certificate?)":
    "The target's certificate is not trusted, or the secure connection failed. ignore_cert accepts any certificate.",
  "Security negotiation failed (wrong security type?)":
    "The target and the session host agree on no way to secure the connection. Try another security, such as nla, tls or rdp.",
  "Server refused connection (wrong security type?)":
    "The target dropped the connection while its security was agreed on. Try another security, such as nla, tls or rdp.",
  "DNS lookup failed (incorrect hostname?)": "The session host cannot look up the target's name.",
  "Connection failed (server unreachable?)": "The session host could not connect to the target.",
  "Authentication failure (invalid credentials?)": "The target refused the user name or the password.",
  "Access denied by server (account locked/disabled?)":
    "The target does not let this account in: it may be locked, disabled or not meant for remote sign-in.",
  "Credentials expired.": "The password has expired and must be changed at the target first.",
  "Insufficient privileges.": "This account is not meant for remote sign-in at the target.",
  "Server refused connection.": "The target takes no further sessions at the moment.",
  "Disconnected by other connection.": "Someone signed in to the same desktop from elsewhere.",
  "Upstream error.": "The target ended the connection with an error.",
};

/** guacd's text with a sentence for people before it, where there is one. */
export const rdpSentenceOf = (text: string): string =>
  Object.hasOwn(sentences, text) ? `${sentences[text]} guacd says: ${text}` : text;
