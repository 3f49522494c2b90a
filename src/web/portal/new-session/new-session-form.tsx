import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ClipboardEvent, type KeyboardEvent, type SubmitEvent, useState } from "react";
import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import type { createSessionRoute } from "../../../resources/sessions/schema.ts";
import { call } from "../api.ts";
import { FormProblem } from "../form-problem.tsx";
import { Icon } from "../icon.tsx";
import { isAdmin } from "../me.ts";
import { Problem } from "../problem.ts";
import { useShell } from "../shell.ts";
import { sentence } from "../words.ts";
import { afterTarget } from "./after-target.ts";
import { formFieldsOf } from "./form-fields.ts";
import { faultsOf, type NewSessionValues, pathOfField, requestOf, withProtocol } from "./new-session-values.ts";
import { type ParsedTarget, parseTarget } from "./parse-target.ts";
import { ProtocolCards } from "./protocol-cards.tsx";
import { signInNames } from "./sections.ts";
import { SessionOptions } from "./session-options.tsx";
import { SignInFields } from "./sign-in-fields.tsx";
import { useHopList } from "./use-hop-list.ts";

interface NewSessionFormProps {
  protocols: readonly [ProtocolView, ...ProtocolView[]];
  initial: NewSessionValues;
  /** The session was made and opened in another window. */
  onMadeElsewhere: () => void;
}

export const NewSessionForm = ({ protocols, initial, onMadeElsewhere }: NewSessionFormProps) => {
  const { me } = useShell();
  const form = useForm<NewSessionValues>({ initialValues: initial });
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const protocolOf = (id: string) => protocols.find((one) => one.id === id) ?? protocols[0];
  const protocol = protocolOf(form.values.session_type);
  const hopList = useHopList(form);
  const fieldsOf = (id: string) => formFieldsOf(protocolOf(id), isAdmin(me));
  const fields = fieldsOf(form.values.session_type);

  const take = (target: ParsedTarget): NewSessionValues => {
    const values = afterTarget(form.values, target, protocols);
    form.setValues(values);
    if (target.hops.length > 0) hopList.reveal(values);
    if (target.leftOut !== null) form.setFieldError("hostname", leftOutWords(target.leftOut));
    return values;
  };

  const focus = (path: string) => requestAnimationFrame(() => form.getInputNode(path)?.focus());

  const refuse = (refusal: Problem) => {
    const name = refusal.field ?? "";
    const path = pathOfField(name, form.values, fields);
    if (path === null) return setProblem(refusal);
    form.setFieldError(path, sentence(refusal.detail, name));
    focus(path);
  };

  const start = async (values: NewSessionValues, where: "here" | "new window") => {
    if (isBusy) return;
    setIsBusy(true);
    setProblem(null);
    try {
      const made = await call<typeof createSessionRoute>({
        method: "post",
        path: "/api/sessions",
        body: requestOf(values, fieldsOf(values.session_type)),
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
    const values = target === null ? form.values : take(target);
    if (typeof target?.leftOut === "string") return focus("hostname");
    const faults = faultsOf(values, fieldsOf(values.session_type));
    const [first] = Object.keys(faults);
    form.setErrors(faults);
    if (first === undefined) void start(values, where);
    else focus(first);
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
      <ProtocolCards
        protocols={protocols}
        value={protocol.id}
        onChange={(next) => form.setValues(withProtocol(form.values, protocol, next))}
      />
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
            const target = parseTarget(event.clipboardData.getData("text"));
            if (target === null) return;
            event.preventDefault();
            take(target);
          }}
          onBlur={(event) => {
            const target = parseTarget(event.currentTarget.value);
            if (target !== null) take(target);
          }}
        />
        <TextInput {...form.getInputProps("port")} label="Port" inputMode="numeric" maxLength={5} />
        <TextInput
          {...form.getInputProps("username")}
          label="User"
          {...(protocol.id === "vnc" ? { placeholder: "If the server asks for one" } : {})}
          spellCheck={false}
          autoCapitalize="off"
          maxLength={256}
        />
      </div>
      <SignInFields form={form} protocol={protocol} beside={fields.filter(({ name }) => signInNames.includes(name))} />
      <SessionOptions form={form} fields={fields} hopList={hopList} />
      <div className="form-foot">
        <Button type="submit" loading={isBusy} leftSection={<Icon name="play" size={12} />}>
          Start session
        </Button>
        <span className="note">What you type here is used once and stored nowhere.</span>
      </div>
    </form>
  );
};

const leftOutWords = (way: string): string =>
  `This way does not fit: ${way}. The gateway takes up to 8 hops, each by its name or address.`;
