import { z } from "zod";
import { clipboardFields, desktopFields, flag, line, wholeNumber } from "../fields.ts";
import { kdcAddress } from "./kdc-address.ts";

const keyboards = ["en-us-qwerty", "en-gb-qwerty", "de-de-qwertz", "fr-fr-azerty", "es-es-qwerty", "failsafe"];

const option = (maxLength: number, title: string, description: string) =>
  line(maxLength).optional().meta({ title, description });

const look = {
  enable_wallpaper: flag("Wallpaper", "Shows the desktop's wallpaper"),
  enable_theming: flag("Themes", "Draws windows in the target's theme"),
  enable_font_smoothing: flag("Smooth fonts", "Draws text with smooth edges"),
  enable_full_window_drag: flag("Windows while dragged", "Shows a window's content while it is moved"),
  enable_desktop_composition: flag("Composition", "Allows transparency and other effects"),
  enable_menu_animations: flag("Menu animations", "Lets menus slide and fade"),
  disable_gfx: flag("No graphics pipeline", "Draws by the older way of RDP, for targets that need it"),
  disable_audio: flag("No sound", "The target plays no sound in the browser"),
};

const signIn = {
  domain: option(256, "Domain", "The Windows domain of the user name"),
  security: z.enum(["any", "nla", "nla-ext", "tls", "rdp", "vmconnect"]).optional().meta({
    title: "Security",
    description: "How the connection is secured; what both sides can do when absent (any)",
  }),
  ignore_cert: flag("Accept any certificate", "The target's certificate is not checked"),
  auth_pkg: z
    .enum(["kerberos", "ntlm"])
    .optional()
    .meta({ title: "Sign-in by", description: "Kerberos or NTLM alone; what both sides can do when absent" }),
  kdc_url: line(2048)
    .refine((text) => kdcAddress(text) !== undefined, "an address such as https://proxy.example.com/KdcProxy")
    .optional()
    .meta({ title: "Kerberos server", description: "A KDC, as host or host:port, or the https address of its proxy" }),
  kerberos_cache: line(1024).optional().meta({
    title: "Kerberos ticket cache",
    description: "A cache on the session host whose ticket signs in",
    adminOnly: true,
  }),
};

const start = {
  remote_app: option(512, "RemoteApp", "A published program shown instead of the desktop, such as ||notepad"),
  remote_app_dir: option(512, "RemoteApp folder", "Where that program starts"),
  remote_app_args: option(1024, "RemoteApp arguments", "What that program is started with"),
  initial_program: option(512, "First program", "A program that runs instead of the desktop"),
  console: flag("Console session", "Joins the session of the target's own screen"),
  server_layout: z
    .string("must be text")
    .regex(/^(failsafe|[a-z]{2}-[a-z]{2,5}-[a-z]{6,7})$/, "a keyboard such as de-de-qwertz")
    .optional()
    .meta({ title: "Keyboard", description: "The target's layout; en-us-qwerty when absent", examples: keyboards }),
  client_name: option(31, "Client name", "How the target calls the visitor; it reads 15 characters"),
};

const route = {
  load_balance_info: option(1024, "Load balancing", "What a connection broker asks for to choose the machine"),
  preconnection_id: wholeNumber(0, 2_147_483_647)
    .optional()
    .meta({ title: "Preconnection id", description: "The number by which the target picks a source" }),
  preconnection_blob: option(1024, "Preconnection text", "The text by which Hyper-V picks the machine"),
  gateway_hostname: z
    .string("must be text")
    .max(253, "at most 253 characters")
    .regex(/^([\w.-]+|[\da-f:.]+)$/i, "a name or an address")
    .optional()
    .meta({ title: "RD gateway", description: "The gateway through which the target is reached" }),
  gateway_port: wholeNumber(1, 65_535).optional().meta({ title: "RD gateway port", description: "443 when absent" }),
  gateway_username: option(256, "RD gateway user", "Who signs in to that gateway"),
  gateway_domain: option(256, "RD gateway domain", "The domain of that user"),
};

/** What an RDP session can be told besides where and who; all optional. The same names as guacd's, with underscores. */
export const rdpSettings = z.strictObject({
  ...signIn,
  ...start,
  ...route,
  ...desktopFields,
  ...look,
  ...clipboardFields,
});
