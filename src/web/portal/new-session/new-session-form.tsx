import { useForm } from "@mantine/form";
import { type KeyboardEvent, type SubmitEvent, useState } from "react";
import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import type { createSessionRoute } from "../../../resources/sessions/schema.ts";
import { call } from "../api.ts";
import type { ConnectionTestInput } from "../connection-test/connection-test.tsx";
import type { TestRoute } from "../connection-test/test-route.ts";
import { FormProblem } from "../form-problem.tsx";
import { isAdmin } from "../me.ts";
import { Problem } from "../problem.ts";
import { useShell } from "../shell.ts";
import { sentence } from "../words.ts";
import { afterTarget } from "./after-target.ts";
import { focusField } from "./focus-field.ts";
import { formFieldsOf } from "./form-fields.ts";
import { FormFoot } from "./form-foot.tsx";
import { addressOf } from "./hop-words.ts";
import { faultsOf, type NewSessionValues, pathOfField, requestOf, withProtocol } from "./new-session-values.ts";
import { type ParsedTarget, parseTarget } from "./parse-target.ts";
import { ProtocolCards } from "./protocol-cards.tsx";
import { signInNames } from "./sections.ts";
import { SessionOptions } from "./session-options.tsx";
import { SignInFields } from "./sign-in-fields.tsx";
import { TargetFields } from "./target-fields.tsx";
import { useHopList } from "./use-hop-list.ts";

interface NewSessionFormProps {
  protocols: readonly [ProtocolView, ...ProtocolView[]];
  initial: NewSessionValues;
  /** Testing the way is what Enter does. */
  wantsTest: boolean;
  onTest: (test: ConnectionTestInput) => void;
  /** The session was made and opened in another window. */
  onMadeElsewhere: () => void;
}

export const NewSessionForm = ({ protocols, initial, wantsTest, onTest, onMadeElsewhere }: NewSessionFormProps) => {
  const { me } = useShell();
  const form = useForm<NewSessionValues>({ initialValues: initial });
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const protocolOf = (id: string) => protocols.find((one) => one.id === id) ?? protocols[0];
  const protocol = protocolOf(form.values.session_type);
  const hopList = useHopList(form);
  const fieldsOf = (id: string) => formFieldsOf(protocolOf(id), isAdmin(me));
  const fields = fieldsOf(form.values.session_type);

  /** Null for a line that the form can't hold whole: it stays, since without its way it would lead elsewhere. */
  const take = (target: ParsedTarget, line: string): NewSessionValues | null => {
    if (target.leftOut !== null) {
      form.setFieldValue("hostname", line);
      // setFieldError leaves out an error that was there before the value was set.
      form.setErrors({ hostname: leftOutWords(target.leftOut) });
      return null;
    }
    const values = afterTarget(form.values, target, protocols);
    form.setValues(values);
    if (target.hops.length > 0) hopList.reveal(values);
    return values;
  };

  const focus = (path: string) => focusField(form, path);

  const refuse = (refusal: Problem) => {
    const name = refusal.field ?? "";
    const path = pathOfField(name, form.getValues(), fields);
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

  /** The values, once nothing is missing; null when the form tells what is. */
  const check = (): NewSessionValues | null => {
    const target = parseTarget(form.values.hostname);
    const values = target === null ? form.values : take(target, form.values.hostname);
    if (values === null) {
      focus("hostname");
      return null;
    }
    const faults = faultsOf(values, fieldsOf(values.session_type));
    const [first] = Object.keys(faults);
    form.setErrors(faults);
    if (first === undefined) return values;
    focus(first);
    return null;
  };

  const submit = (where: "here" | "new window") => {
    const values = check();
    if (values !== null) void start(values, where);
  };

  const test = () => {
    const values = check();
    if (values === null) return;
    setProblem(null);
    onTest({
      body: requestOf(values, fieldsOf(values.session_type)),
      route: routeOf(values, protocolOf(values.session_type).default_port),
      onEdit: (place) => (typeof place === "number" ? hopList.edit(place - 1) : focus("hostname")),
      onRefused: refuse,
      onStart: () => void start(values, "here"),
      onLeft: () => focus("test"),
    });
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
        if (wantsTest) test();
        else submit("here");
      }}
    >
      {problem !== null && <FormProblem problem={problem} />}
      <ProtocolCards
        protocols={protocols}
        value={protocol.id}
        onChange={(next) => form.setValues(withProtocol(form.values, protocol, next))}
      />
      <TargetFields form={form} onTarget={take} />
      <SignInFields form={form} protocol={protocol} beside={fields.filter(({ name }) => signInNames.includes(name))} />
      <SessionOptions form={form} fields={fields} hopList={hopList} />
      <FormFoot isBusy={isBusy} wantsTest={wantsTest} onStart={() => submit("here")} onTest={test} />
    </form>
  );
};

const leftOutWords = (way: string): string =>
  `This way does not fit: ${way}. The gateway takes up to 8 hops, each by its name or address.`;

const routeOf = (values: NewSessionValues, usualPort: number): TestRoute => {
  const { user, host } = addressOf(values, usualPort);
  const { session_type: protocol, jump_hosts: hops } = values;
  return { protocol, name: user + host, targetAddress: addressOf(values, null).host, hops };
};
