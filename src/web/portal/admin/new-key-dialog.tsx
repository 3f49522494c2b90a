import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { createAdminKeyRoute, FreshAdminKeyView } from "../../../resources/admin-keys/schema.ts";
import { call } from "../api.ts";
import { Dialog } from "../dialog.tsx";
import { FormProblem } from "../form-problem.tsx";
import { Problem } from "../problem.ts";
import { sentence } from "../words.ts";
import { faultsOf, lifetimes, type NewKeyValues, requestOf } from "./new-key-values.ts";

interface NewKeyDialogProps {
  onClose: () => void;
  onMade: (fresh: FreshAdminKeyView) => void;
}

/** The fields of the API and where the form shows what it says of them. */
const places: Readonly<Record<string, keyof NewKeyValues>> = {
  name: "name",
  allowed_ips: "addresses",
  expires_at: "day",
};

export const NewKeyDialog = ({ onClose, onMade }: NewKeyDialogProps) => {
  const form = useForm<NewKeyValues>({ initialValues: { name: "", addresses: "", lifetime: "90", day: "" } });
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const make = async () => {
    const faults = faultsOf(form.values, Date.now());
    const [first] = Object.keys(faults);
    form.setErrors(faults);
    if (first !== undefined) return form.getInputNode(first)?.focus();
    setIsBusy(true);
    setProblem(null);
    try {
      const body = requestOf(form.values, Date.now());
      onMade((await call<typeof createAdminKeyRoute>({ method: "post", path: "/api/admin/keys", body })).data);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setIsBusy(false);
      refuse(error);
    }
  };
  const refuse = (refusal: Problem) => {
    const field = (refusal.field ?? "").replace(/\[\d+\]$|\.\d+$/, "");
    const place = refusal.code === "conflict" && refusal.field === null ? "name" : places[field];
    if (place === undefined) return setProblem(refusal);
    form.setFieldError(place, sentence(refusal.detail, refusal.field));
    requestAnimationFrame(() => form.getInputNode(place)?.focus());
  };

  return (
    <Dialog title="New API key" size={562} onClose={onClose}>
      <form
        className="key-form"
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void make();
        }}
      >
        <p className="form-note">For scripts and other tools. A key may do everything an admin may.</p>
        {problem !== null && <FormProblem problem={problem} />}
        <TextInput
          {...form.getInputProps("name")}
          label="Name"
          description="What it is for. It stands beside everything that is done with it."
          data-autofocus
          maxLength={100}
        />
        <Textarea
          {...form.getInputProps("addresses")}
          className="mono-input"
          label="Works only from"
          description="Addresses or ranges such as 10.0.0.0/8, one a line. Empty means anywhere."
          rows={3}
          spellCheck={false}
        />
        <div className="key-form-expiry">
          <NativeSelect {...form.getInputProps("lifetime")} label="Expires" data={[...lifetimes]} />
          {form.values.lifetime === "day" && <TextInput {...form.getInputProps("day")} type="date" label="Last day" />}
        </div>
        <div className="dialog-buttons">
          <Button type="submit" loading={isBusy}>
            Make key
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
