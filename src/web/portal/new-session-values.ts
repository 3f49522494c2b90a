/** What the form holds, under the API's own field names where a field has one, so that refusals find their field. */
export interface NewSessionValues {
  hostname: string;
  port: string;
  username: string;
  signInWith: "password" | "private_key" | "key_pair";
  password: string;
  private_key: string;
  passphrase: string;
  font_size: string;
  color_scheme: string;
  scrollback: string;
  command: string;
  mayCopy: boolean;
  mayPaste: boolean;
}

export const noValues: NewSessionValues = {
  hostname: "",
  port: "22",
  username: "",
  signInWith: "password",
  password: "",
  private_key: "",
  passphrase: "",
  font_size: "",
  color_scheme: "",
  scrollback: "",
  command: "",
  mayCopy: true,
  mayPaste: true,
};

/** guacd's names for its terminal colours, and what people see. */
export const colorSchemes = [
  { value: "", label: "Grey on black" },
  { value: "white-black", label: "White on black" },
  { value: "green-black", label: "Green on black" },
  { value: "black-white", label: "Black on white" },
] as const;

const wholeNumber = /^\d{1,7}$/;

/** What can be told without asking the gateway; the rest it answers at the field. */
export const faultsOf = (values: NewSessionValues): Partial<Record<keyof NewSessionValues, string>> => {
  const faults: Partial<Record<keyof NewSessionValues, string>> = {};
  const port = Number(values.port);
  if (values.hostname.trim() === "") faults.hostname = "Type the host to reach.";
  if (!wholeNumber.test(values.port.trim()) || port < 1 || port > 65535) faults.port = "1 to 65535.";
  if (values.username.trim() === "") faults.username = "Type the user to sign in as.";
  if (values.signInWith === "private_key" && values.private_key.trim() === "")
    faults.private_key = "Paste the key or drop its file.";
  for (const field of ["font_size", "scrollback"] as const) {
    const text = values[field].trim();
    if (text !== "" && !wholeNumber.test(text)) faults[field] = "A whole number.";
  }
  return faults;
};

/** The body of `POST /api/sessions`. Only the chosen way of signing in goes out; what is empty is left out. */
export const requestOf = (values: NewSessionValues) => ({
  session_type: "ssh",
  hostname: values.hostname.trim(),
  port: Number(values.port),
  username: values.username.trim(),
  ...signInOf(values),
  ...(values.font_size.trim() === "" ? {} : { font_size: Number(values.font_size) }),
  ...(values.scrollback.trim() === "" ? {} : { scrollback: Number(values.scrollback) }),
  ...(values.color_scheme === "" ? {} : { color_scheme: values.color_scheme }),
  ...(values.command.trim() === "" ? {} : { command: values.command.trim() }),
  ...(values.mayCopy ? {} : { disable_copy: true }),
  ...(values.mayPaste ? {} : { disable_paste: true }),
});

const signInOf = (values: NewSessionValues) => {
  if (values.signInWith === "key_pair") return { generate_keypair: true };
  if (values.signInWith === "password") return values.password === "" ? {} : { password: values.password };
  return {
    private_key: values.private_key,
    ...(values.passphrase === "" ? {} : { passphrase: values.passphrase }),
  };
};
