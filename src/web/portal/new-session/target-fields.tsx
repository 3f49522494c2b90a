import { TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ClipboardEvent } from "react";
import type { NewSessionValues } from "./new-session-values.ts";
import { type ParsedTarget, parseTarget } from "./parse-target.ts";

interface TargetFieldsProps {
  form: UseFormReturnType<NewSessionValues>;
  /** The host says more than a host: a whole command or address. */
  onTarget: (target: ParsedTarget, line: string) => void;
}

/** Where the session goes and as whom. */
export const TargetFields = ({ form, onTarget }: TargetFieldsProps) => (
  <div className="target-fields">
    <TextInput
      {...form.getInputProps("hostname")}
      label="Host"
      placeholder="Name, address, or a whole ssh command"
      autoFocus
      data-autofocus
      spellCheck={false}
      autoCapitalize="off"
      maxLength={1000}
      onPaste={(event: ClipboardEvent<HTMLInputElement>) => {
        const line = event.clipboardData.getData("text");
        const target = parseTarget(line);
        if (target === null) return;
        event.preventDefault();
        onTarget(target, line);
      }}
      onBlur={(event) => {
        const target = parseTarget(event.currentTarget.value);
        if (target !== null) onTarget(target, event.currentTarget.value);
      }}
    />
    <TextInput {...form.getInputProps("port")} label="Port" inputMode="numeric" maxLength={5} />
    <TextInput
      {...form.getInputProps("username")}
      label="User"
      {...(form.values.session_type === "vnc" ? { placeholder: "If the server asks for one" } : {})}
      spellCheck={false}
      autoCapitalize="off"
      maxLength={256}
    />
  </div>
);
