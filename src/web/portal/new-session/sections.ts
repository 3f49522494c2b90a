import type { FormField } from "./form-fields.ts";

interface Section {
  readonly title: string;
  /** What holds while none of its fields is changed. */
  readonly usual: string;
  readonly fields: readonly FormField[];
}

interface Plan {
  readonly title: string;
  readonly usual: Readonly<Record<string, string>> & { readonly any: string };
  readonly names: readonly string[];
}

/** Where fields stand, in this order; a field that no line names comes under More. */
const plans: readonly Plan[] = [
  {
    title: "Display",
    usual: { any: "Follows the window, usual colours.", ssh: "Follows the window, usual colours and size." },
    names: [
      ...["color_scheme", "font_size", "font_name", "scrollback"],
      ...["color_depth", "cursor", "encodings"],
      ...["disable_display_resize", "force_lossless", "swap_red_blue", "disable_gfx"],
    ],
  },
  { title: "Clipboard", usual: { any: "Copy and paste allowed." }, names: ["disable_copy", "disable_paste"] },
  {
    title: "Terminal",
    usual: { any: "The user's own shell." },
    names: ["command", "terminal_type", "backspace", "locale", "timezone"],
  },
  {
    title: "Desktop",
    usual: { any: "Quick to draw: no wallpaper, no effects. With sound." },
    names: [
      ...["server_layout", "disable_audio", "enable_wallpaper", "enable_theming", "enable_font_smoothing"],
      ...["enable_full_window_drag", "enable_desktop_composition", "enable_menu_animations"],
    ],
  },
  {
    title: "Program",
    usual: { any: "The whole desktop." },
    names: ["remote_app", "remote_app_dir", "remote_app_args", "initial_program", "console"],
  },
  {
    title: "Connection",
    usual: { any: "As both sides agree.", ssh: "Trusts the host key that it sees first." },
    names: [
      ...["host_key", "security", "auth_pkg", "kdc_url", "kerberos_cache", "client_name"],
      ...["load_balance_info", "preconnection_id", "preconnection_blob", "ignore_cert"],
    ],
  },
  {
    title: "RD gateway",
    usual: { any: "None: the target is reached directly." },
    names: ["gateway_hostname", "gateway_port", "gateway_username", "gateway_password", "gateway_domain"],
  },
];

/** Drawn beside the password instead of in a section. */
export const signInNames: readonly string[] = ["domain"];

/** The sections of a protocol, each with its own fields only. */
export const sectionsOf = (protocol: string, fields: readonly FormField[]): Section[] => {
  const planned = new Set([...signInNames, ...plans.flatMap(({ names }) => names)]);
  const sections = plans.map(({ title, usual, names }) => ({
    title,
    usual: usual[protocol] ?? usual.any,
    fields: names.flatMap((name) => fields.find((field) => field.name === name) ?? []),
  }));
  const more = fields.filter(({ name }) => !planned.has(name));
  return [...sections, { title: "More", usual: "As it is.", fields: more }].filter((part) => part.fields.length > 0);
};
