/** Fields of the API that this version does not serve yet. They are refused by name rather than accepted and ignored. */
export const laterFields: ReadonlySet<string> = new Set([
  ...["jump_hosts", "jump_host", "jump_port", "jump_username", "jump_password", "jump_private_key"],
  ...["owner", "recording", "share", "enable_drive", "url", "autofill", "allowed_domains", "login_script"],
  ...["color_depth", "cursor", "swap_red_blue", "force_lossless", "disable_display_resize", "encodings"],
  ...["domain", "security", "ignore_cert", "auth_pkg", "kdc_url", "kerberos_cache", "remote_app", "remote_app_dir"],
  ...["remote_app_args", "initial_program", "console", "server_layout", "client_name", "load_balance_info"],
  ...["preconnection_id", "preconnection_blob", "gateway_hostname", "gateway_port", "gateway_username"],
  ...["gateway_password", "gateway_domain", "disable_audio", "enable_wallpaper", "enable_theming"],
  ...["enable_font_smoothing", "enable_full_window_drag", "enable_desktop_composition", "enable_menu_animations"],
  "disable_gfx",
]);

export const laterProtocols = ["rdp", "vnc", "web"] as const;
