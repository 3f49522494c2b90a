import { PasswordInput, SegmentedControl } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import { revealProps } from "../reveal-props.tsx";
import type { FormField } from "./form-fields.ts";
import { KeyFields } from "./key-fields.tsx";
import { type NewSessionValues, signInWaysOf } from "./new-session-values.ts";
import { OptionField } from "./option-field.tsx";

const wayWords: Record<NewSessionValues["signInWith"], string> = {
  password: "Password",
  private_key: "Private key",
  key_pair: "New key pair",
  ask: "Ask me",
};

interface SignInFieldsProps {
  form: UseFormReturnType<NewSessionValues>;
  protocol: ProtocolView;
  /** Those that stand beside the password. */
  beside: readonly FormField[];
}

/** How the session signs in to the target, and the fields of the way that is chosen. */
export const SignInFields = ({ form, protocol, beside }: SignInFieldsProps) => {
  const { signInWith } = form.values;
  return (
    <>
      <div>
        <div className="label" id="sign-in-with">
          Sign in with
        </div>
        <SegmentedControl
          {...form.getInputProps("signInWith")}
          aria-labelledby="sign-in-with"
          data={signInWaysOf(protocol).map((value) => ({ value, label: wayWords[value] }))}
        />
      </div>
      {signInWith === "password" && (
        <div className="key-fields">
          <PasswordInput
            {...form.getInputProps("password")}
            {...revealProps("password")}
            label="Password"
            autoComplete="new-password"
          />
          {beside.map((field) => (
            <OptionField key={field.name} field={{ ...field, description: "" }} form={form} />
          ))}
        </div>
      )}
      {signInWith === "private_key" && <KeyFields form={form} prefix="" privateKey={form.values.private_key} />}
      {signInWith === "key_pair" && (
        <p className="form-text">
          A fresh Ed25519 pair is made for this session only. Its public half is shown before the gateway connects, so
          that you can add it to <code>authorized_keys</code> on the target.
        </p>
      )}
      {signInWith === "ask" && (
        <p className="form-text">
          The session's own page asks for what the target wants to know. Nothing goes out before that.
        </p>
      )}
    </>
  );
};
