/** Fields of the API that this version does not serve yet. They are refused by name rather than accepted and ignored. */
export const laterFields: ReadonlySet<string> = new Set([
  ...["jump_hosts", "jump_host", "jump_port", "jump_username", "jump_password", "jump_private_key"],
  ...["owner", "recording", "share", "enable_drive", "url", "autofill", "allowed_domains", "login_script"],
]);

export const laterProtocols = ["web"] as const;
