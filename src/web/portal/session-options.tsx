import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { colorSchemes, type NewSessionValues } from "./new-session-values.ts";
import { OptionLine } from "./option-line.tsx";

/** What most sessions leave as it is. */
export const SessionOptions = ({ form }: { form: UseFormReturnType<NewSessionValues> }) => {
  const { values, errors } = form;
  return (
    <div className="options">
      <OptionLine
        title="Display"
        summary={displayWords(values)}
        hasFault={Boolean(errors.font_size ?? errors.color_scheme ?? errors.scrollback)}
      >
        <NativeSelect {...form.getInputProps("color_scheme")} label="Colours" data={[...colorSchemes]} />
        <TextInput
          {...form.getInputProps("font_size")}
          label="Font size (points)"
          inputMode="numeric"
          placeholder="12"
          maxLength={3}
        />
        <TextInput
          {...form.getInputProps("scrollback")}
          label="Scrollback (lines)"
          inputMode="numeric"
          placeholder="1000"
          maxLength={7}
        />
      </OptionLine>
      <OptionLine title="Shell" summary={shellWords(values)} hasFault={Boolean(errors.command)}>
        <TextInput
          {...form.getInputProps("command")}
          className="mono-input whole-width"
          label="Command"
          description="Runs instead of the shell. The session ends with it."
          spellCheck={false}
          autoCapitalize="off"
        />
      </OptionLine>
      <OptionLine title="Clipboard" summary={clipboardWords(values)} hasFault={false}>
        <Checkbox {...form.getInputProps("mayCopy", { type: "checkbox" })} label="Copy from the target" />
        <Checkbox {...form.getInputProps("mayPaste", { type: "checkbox" })} label="Paste into the target" />
      </OptionLine>
    </div>
  );
};

const displayWords = (values: NewSessionValues): string => {
  const parts = [
    ...(values.color_scheme === "" ? [] : [colorSchemes.find((scheme) => scheme.value === values.color_scheme)?.label]),
    ...(values.font_size === "" ? [] : [`font size ${values.font_size}`]),
    ...(values.scrollback === "" ? [] : [`${values.scrollback} lines back`]),
  ].join(", ");
  if (parts === "") return "Follows the window, usual colours and size.";
  return `Follows the window. ${parts.charAt(0).toUpperCase()}${parts.slice(1)}.`;
};

const shellWords = (values: NewSessionValues): string =>
  values.command.trim() === "" ? "The user's own shell." : `Runs ${values.command.trim()}`;

const clipboardWords = ({ mayCopy, mayPaste }: NewSessionValues): string => {
  if (mayCopy && mayPaste) return "Copy and paste allowed.";
  if (mayCopy) return "Copy allowed, paste off.";
  return mayPaste ? "Paste allowed, copy off." : "Copy and paste off.";
};
