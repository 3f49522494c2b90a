import { PasswordInput, SegmentedControl } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { Icon } from "./icon.tsx";
import { isEncryptedKey } from "./is-encrypted-key.ts";
import type { NewSessionValues } from "./new-session-values.ts";
import { PrivateKeyField } from "./private-key-field.tsx";

const ways = [
  { value: "password", label: "Password" },
  { value: "private_key", label: "Private key" },
  { value: "key_pair", label: "New key pair" },
] as const;

/** How the session signs in to the target, and the fields of the way that is chosen. */
export const SignInFields = ({ form }: { form: UseFormReturnType<NewSessionValues> }) => {
  const { signInWith } = form.values;
  return (
    <>
      <div>
        <div className="label" id="sign-in-with">
          Sign in with
        </div>
        <SegmentedControl {...form.getInputProps("signInWith")} aria-labelledby="sign-in-with" data={[...ways]} />
      </div>
      {signInWith === "password" && (
        <PasswordInput
          {...form.getInputProps("password")}
          {...revealProps("password")}
          className="one-field"
          label="Password"
          autoComplete="new-password"
        />
      )}
      {signInWith === "private_key" && (
        <div className="key-fields">
          <PrivateKeyField form={form} />
          <PasswordInput
            {...form.getInputProps("passphrase")}
            {...revealProps("passphrase")}
            label="Passphrase"
            description={isEncryptedKey(form.values.private_key) ? "This key is encrypted." : "If the key has one."}
            autoComplete="new-password"
          />
        </div>
      )}
      {signInWith === "key_pair" && (
        <p className="form-text">
          A fresh Ed25519 pair is made for this session only. Its public half is shown before the gateway connects, so
          that you can add it to <code>authorized_keys</code> on the target.
        </p>
      )}
    </>
  );
};

const revealProps = (what: string) => ({
  visibilityToggleButtonProps: { "aria-label": `Show the ${what}`, tabIndex: 0 },
  visibilityToggleIcon: ({ reveal }: { reveal: boolean }) => <Icon name={reveal ? "eyeOff" : "eye"} size={20} />,
});
