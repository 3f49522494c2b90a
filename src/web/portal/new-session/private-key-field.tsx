import { Button, FileButton, Textarea } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type DragEvent, useState } from "react";
import type { NewSessionValues } from "./new-session-values.ts";

const maxKeyBytes = 32_768;

interface PrivateKeyFieldProps {
  form: UseFormReturnType<NewSessionValues>;
  path: string;
}

/** A private key, pasted, dropped or picked as a file. The file is read in the browser only. */
export const PrivateKeyField = ({ form, path }: PrivateKeyFieldProps) => {
  const [isOver, setIsOver] = useState(false);

  const take = async (file: File | null | undefined) => {
    if (file === null || file === undefined) return;
    if (file.size > maxKeyBytes) {
      form.setFieldError(path, "This file is too big for a key.");
      return;
    }
    form.setFieldValue(path, await file.text());
  };

  return (
    <div className="key-field">
      <Textarea
        {...form.getInputProps(path)}
        className={isOver ? "mono-input is-over" : "mono-input"}
        label="Private key"
        description="OpenSSH or PEM. Paste it or drop the file here."
        rows={4}
        spellCheck={false}
        autoCapitalize="off"
        onDragOver={(event: DragEvent) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          setIsOver(false);
          void take(event.dataTransfer.files[0]);
        }}
      />
      <FileButton onChange={(file) => void take(file)}>
        {(props) => (
          <Button {...props} variant="transparent" size="xs" className="link-button">
            Choose a file
          </Button>
        )}
      </FileButton>
    </div>
  );
};
