import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ClipboardEvent, type KeyboardEvent, type SubmitEvent, useState } from "react";
import type { createSessionRoute } from "../../resources/sessions/schema.ts";
import { call } from "./api.ts";
import { FormProblem } from "./form-problem.tsx";
import { Icon } from "./icon.tsx";
import { faultsOf, type NewSessionValues, requestOf } from "./new-session-values.ts";
import { parseTarget } from "./parse-target.ts";
import { Problem } from "./problem.ts";
import { SessionOptions } from "./session-options.tsx";
import { SignInFields } from "./sign-in-fields.tsx";
import { sentence } from "./words.ts";

interface NewSessionFormProps {
  initial: NewSessionValues;
  /** The session was made and opened in another window. */
  onMadeElsewhere: () => void;
}

export const NewSessionForm = ({ initial, onMadeElsewhere }: NewSessionFormProps) => {
  const form = useForm<NewSessionValues>({ initialValues: initial, validate: faultsOf });
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  /** Fills the form from a pasted or typed `ssh …` or `user@host:port`; false leaves the text as it is. */
  const takeTarget = (text: string): boolean => {
    const target = parseTarget(text);
    if (target === null) return false;
    if (target.hasHops) {
      form.setFieldError("hostname", "Hops are not available yet. Type a host the gateway reaches by itself.");
      return false;
    }
    form.setFieldValue("hostname", target.hostname);
    if (target.port !== null) form.setFieldValue("port", String(target.port));
    if (target.username !== null) form.setFieldValue("username", target.username);
    if (target.command !== null) form.setFieldValue("command", target.command);
    return true;
  };

  const refuse = (refusal: Problem) => {
    const field = Object.keys(initial).find((name) => name === refusal.field);
    if (field === undefined) return setProblem(refusal);
    form.setFieldError(field, sentence(refusal.detail, field));
    requestAnimationFrame(() => form.getInputNode(field)?.focus());
  };

  const start = async (values: NewSessionValues, where: "here" | "new window") => {
    if (isBusy) return;
    setIsBusy(true);
    setProblem(null);
    try {
      const made = await call<typeof createSessionRoute>({
        method: "post",
        path: "/api/sessions",
        body: requestOf(values),
      });
      if (where === "here") return location.assign(made.data.client_url);
      window.open(made.data.client_url, "_blank", "noopener");
      onMadeElsewhere();
    } catch (error) {
      setIsBusy(false);
      if (!(error instanceof Problem)) throw error;
      refuse(error);
    }
  };

  const submit = (where: "here" | "new window") => {
    const target = parseTarget(form.values.hostname);
    if (target !== null && !takeTarget(form.values.hostname)) return form.getInputNode("hostname")?.focus();
    const values =
      target === null
        ? form.values
        : {
            ...form.values,
            hostname: target.hostname,
            port: String(target.port ?? form.values.port),
            username: target.username ?? form.values.username,
          };
    const faults = faultsOf(values);
    const [first] = Object.keys(faults);
    form.setErrors(faults);
    if (first === undefined) void start(values, where);
    else requestAnimationFrame(() => form.getInputNode(first)?.focus());
  };

  const onHostPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    if (takeTarget(event.clipboardData.getData("text"))) event.preventDefault();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || !event.shiftKey || event.target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    submit("new window");
  };

  return (
    <form
      className="new-session-form"
      noValidate
      autoComplete="off"
      onKeyDown={onKeyDown}
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        submit("here");
      }}
    >
      {problem !== null && <FormProblem problem={problem} />}
      <div className="target-fields">
        <TextInput
          {...form.getInputProps("hostname")}
          label="Host"
          placeholder="Name, address, or a whole ssh command"
          data-autofocus
          spellCheck={false}
          autoCapitalize="off"
          maxLength={1000}
          onPaste={onHostPaste}
          onBlur={(event) => takeTarget(event.currentTarget.value)}
        />
        <TextInput {...form.getInputProps("port")} label="Port" inputMode="numeric" maxLength={5} />
        <TextInput
          {...form.getInputProps("username")}
          label="User"
          spellCheck={false}
          autoCapitalize="off"
          maxLength={256}
        />
      </div>
      <SignInFields form={form} />
      <SessionOptions form={form} />
      <div className="form-foot">
        <Button type="submit" loading={isBusy} leftSection={<Icon name="play" size={14} />}>
          Start session
        </Button>
        <span className="note">What you type here is used once and stored nowhere.</span>
      </div>
    </form>
  );
};
