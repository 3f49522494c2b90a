import type { UseFormReturnType } from "@mantine/form";
import { changesOf } from "./field-words.ts";
import type { FormField } from "./form-fields.ts";
import type { NewSessionValues } from "./new-session-values.ts";
import { OptionField } from "./option-field.tsx";
import { OptionLine } from "./option-line.tsx";
import { PathSection } from "./path-section.tsx";
import { sectionsOf } from "./sections.ts";
import type { HopList } from "./use-hop-list.ts";

interface SessionOptionsProps {
  form: UseFormReturnType<NewSessionValues>;
  fields: readonly FormField[];
  hopList: HopList;
}

/** What most sessions leave as it is: a line for the way, and one for each group of the protocol's own fields. */
export const SessionOptions = ({ form, fields, hopList }: SessionOptionsProps) => {
  const { session_type, options } = form.values;
  return (
    <div className="options">
      <PathSection form={form} list={hopList} />
      {sectionsOf(session_type, fields).map(({ title, usual, fields: own }) => (
        <OptionLine
          key={title}
          title={title}
          summary={title === "Clipboard" ? clipboardWords(options) : (changesOf(own, options) ?? usual)}
          hasFault={own.some(({ name }) => form.errors[`options.${name}`] !== undefined)}
        >
          {own.map((field) => (
            <OptionField key={field.name} field={field} form={form} />
          ))}
        </OptionLine>
      ))}
    </div>
  );
};

const clipboardWords = ({ disable_copy, disable_paste }: NewSessionValues["options"]): string => {
  if (!disable_copy && !disable_paste) return "Copy and paste allowed.";
  if (!disable_copy) return "Copy allowed, paste off.";
  return disable_paste ? "Copy and paste off." : "Paste allowed, copy off.";
};
