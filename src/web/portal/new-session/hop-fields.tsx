import { PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useId } from "react";
import { revealProps } from "../reveal-props.tsx";
import type { HopValues } from "./hop-values.ts";
import { hopWayWords } from "./hop-words.ts";
import { KeyFields } from "./key-fields.tsx";
import type { NewSessionValues } from "./new-session-values.ts";

interface HopFieldsProps {
  form: UseFormReturnType<NewSessionValues>;
  hop: HopValues;
  /** "jump_hosts.0." */
  prefix: string;
}

const asTyped = { spellCheck: false, autoCapitalize: "off" };

/** Where a hop is, how the gateway signs in there, and which key it must show. */
export const HopFields = ({ form, hop, prefix }: HopFieldsProps) => {
  const labelId = useId();
  return (
    <>
      <div className="hop-place">
        <TextInput {...form.getInputProps(`${prefix}hostname`)} {...asTyped} label="Host" maxLength={253} />
        <TextInput {...form.getInputProps(`${prefix}port`)} label="Port" inputMode="numeric" maxLength={5} />
        <TextInput {...form.getInputProps(`${prefix}username`)} {...asTyped} label="User" maxLength={256} />
      </div>
      <div className="hop-sign-in">
        <span className="label" id={labelId}>
          Sign in with
        </span>
        <SegmentedControl
          {...form.getInputProps(`${prefix}signInWith`)}
          aria-labelledby={labelId}
          data={Object.entries({ ...hopWayWords, both: "Both" }).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {hop.signInWith !== "password" && <KeyFields form={form} prefix={prefix} privateKey={hop.private_key} />}
      {hop.signInWith !== "private_key" && (
        <PasswordInput
          {...form.getInputProps(`${prefix}password`)}
          {...revealProps("password")}
          label="Password"
          autoComplete="new-password"
        />
      )}
      <TextInput
        {...form.getInputProps(`${prefix}host_key`)}
        {...asTyped}
        className="mono-input"
        label="Host key"
        description="The only key accepted from it, as in known_hosts. Left empty, the first one that it shows is trusted."
        placeholder="ssh-ed25519 AAAA…"
        inputWrapperOrder={["label", "input", "description", "error"]}
      />
    </>
  );
};
