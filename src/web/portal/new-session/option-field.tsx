import { Checkbox, NativeSelect, PasswordInput, TextInput, type TextInputProps } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useId } from "react";
import { revealProps } from "../reveal-props.tsx";
import { hasWordedExamples, wordsOfValue } from "./field-words.ts";
import type { FormField } from "./form-fields.ts";
import type { NewSessionValues } from "./new-session-values.ts";

interface OptionFieldProps {
  field: FormField;
  form: UseFormReturnType<NewSessionValues>;
}

/** A protocol's own field, drawn by what its schema says of it. */
export const OptionField = ({ field, form }: OptionFieldProps) => {
  const path = `options.${field.name}`;
  const examplesId = useId();
  const common = { label: field.title, description: field.description };
  // Notes of different length stand under their fields, so that the fields stay in line.
  const inputWrapperOrder: NonNullable<TextInputProps["inputWrapperOrder"]> = [
    "label",
    "input",
    "description",
    "error",
  ];
  const wrapped = { ...common, inputWrapperOrder };

  if (field.kind === "flag") {
    const isOff = field.name === "disable_copy" || field.name === "disable_paste";
    if (!isOff) return <Checkbox {...form.getInputProps(path, { type: "checkbox" })} {...common} />;
    return (
      <Checkbox
        label={field.name === "disable_copy" ? "Copy from the target" : "Paste into the target"}
        checked={form.values.options[field.name] !== true}
        onChange={(event) => form.setFieldValue(path, !event.currentTarget.checked)}
      />
    );
  }
  if (field.kind === "secret") {
    return (
      <PasswordInput
        {...form.getInputProps(path)}
        {...revealProps(field.title.toLowerCase())}
        {...wrapped}
        autoComplete="new-password"
      />
    );
  }
  if (field.kind === "choice" || hasWordedExamples(field)) {
    const values = field.kind === "choice" ? field.choices : field.examples;
    return (
      <NativeSelect
        {...form.getInputProps(path)}
        {...wrapped}
        data={[{ value: "", label: "Usual" }, ...values.map((value) => ({ value, label: wordsOfValue(field, value) }))]}
      />
    );
  }
  const isLong = field.name === "command" || field.name === "host_key";
  return (
    <>
      <TextInput
        {...form.getInputProps(path)}
        {...wrapped}
        className={isLong ? "mono-input whole-width" : ""}
        spellCheck={false}
        autoCapitalize="off"
        {...(field.kind === "number" ? { inputMode: "numeric", maxLength: 10 } : {})}
        {...(field.examples.length > 0 ? { list: examplesId } : {})}
      />
      {field.examples.length > 0 && (
        <datalist id={examplesId}>
          {field.examples.map((example) => (
            <option key={example} value={example} />
          ))}
        </datalist>
      )}
    </>
  );
};
