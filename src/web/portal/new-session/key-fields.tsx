import { PasswordInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { revealProps } from "../reveal-props.tsx";
import { isEncryptedKey } from "./is-encrypted-key.ts";
import type { NewSessionValues } from "./new-session-values.ts";
import { PrivateKeyField } from "./private-key-field.tsx";

interface KeyFieldsProps {
  form: UseFormReturnType<NewSessionValues>;
  /** Before the fields' own names: "" or "jump_hosts.0.". */
  prefix: string;
  privateKey: string;
}

/** A private key and the passphrase that opens it. */
export const KeyFields = ({ form, prefix, privateKey }: KeyFieldsProps) => (
  <div className="key-fields">
    <PrivateKeyField form={form} path={`${prefix}private_key`} />
    <PasswordInput
      {...form.getInputProps(`${prefix}passphrase`)}
      {...revealProps("passphrase")}
      label="Passphrase"
      description={isEncryptedKey(privateKey) ? "This key is encrypted." : "If the key has one."}
      autoComplete="new-password"
    />
  </div>
);
