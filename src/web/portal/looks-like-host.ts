/** Whether a text could be meant as a target: a name with a dot, an address, `user@host`, `host:port`, an ssh command. */
export const looksLikeHost = (text: string): boolean => {
  const trimmed = text.trim();
  if (/^(ssh|rdp|vnc):\/\/\S+$/i.test(trimmed) || /^ssh\s+\S/.test(trimmed)) return true;
  const match =
    /^(?:[^\s@]+@)?(\[[0-9a-f:.]+\]|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?$/i.exec(
      trimmed,
    );
  if (match === null) return false;
  return trimmed.includes("@") || match[2] !== undefined || /[.:\d-]/.test(match[1] ?? "");
};
