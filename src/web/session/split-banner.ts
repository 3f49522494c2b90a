/** Parts the text to read from the key that was made for the session, which is the banner's last line. */
export const splitBanner = (banner: string): { text: string; publicKey: string | null } => {
  const lines = banner.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  if (!/^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]{40,}/.test(last)) return { text: banner.trim(), publicKey: null };
  return { text: lines.slice(0, -1).join("\n").trim(), publicKey: last };
};
