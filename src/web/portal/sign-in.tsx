import { Button, PasswordInput } from "@mantine/core";
import { type SubmitEvent, useRef, useState } from "react";
import type { keyLoginRoute } from "../../resources/auth/schema.ts";
import { call } from "./api.ts";
import { Arches } from "./arches.tsx";
import { Countdown } from "./countdown.tsx";
import { Icon } from "./icon.tsx";
import { Mark } from "./mark.tsx";
import { Notice } from "./notice.tsx";
import { Problem } from "./problem.ts";
import { useNow } from "./use-now.ts";
import { problemWords } from "./words.ts";
import "./sign-in.css";

interface SignInProps {
  siteTitle: string;
  onSignedIn: () => Promise<void>;
}

const keyRefused = "This key is not valid, or it has been switched off.";

/** Swaps a key for the login cookie. The key lives in the field only until it is accepted. */
export const SignIn = ({ siteTitle, onSignedIn }: SignInProps) => {
  const [key, setKey] = useState("");
  const [isEmpty, setIsEmpty] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [waitUntilMs, setWaitUntilMs] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const mustWait = useNow(1000) < waitUntilMs;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy || mustWait) return;
    if (key.trim() === "") {
      setIsEmpty(true);
      return field.current?.focus();
    }
    setIsBusy(true);
    try {
      await call<typeof keyLoginRoute>({ method: "post", path: "/auth/key", body: { key: key.trim() } });
      setKey("");
      await onSignedIn();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.status === 429) setWaitUntilMs(Date.now() + (error.retryAfterS ?? 10) * 1000);
      field.current?.focus();
      field.current?.select();
    } finally {
      setIsBusy(false);
    }
  };

  const isKeyWrong = problem !== null && (problem.status === 401 || problem.field === "key");
  return (
    <main className="sign-in">
      <Arches />
      <div className="sign-in-middle">
        <Mark size={40} />
        <h1>
          <bdi>{siteTitle}</bdi>
        </h1>
        <p>Sign in to reach your servers and desktops.</p>
        <form className="sign-in-card" onSubmit={(event) => void submit(event)} noValidate>
          {mustWait && (
            <Notice title="Too many tries.">
              Wait <Countdown untilMs={waitUntilMs} />.
            </Notice>
          )}
          {problem !== null && !isKeyWrong && problem.status !== 429 && (
            <Notice title={`${problemWords(problem).title}.`}>{problemWords(problem).text}</Notice>
          )}
          <PasswordInput
            ref={field}
            label="API key or token"
            placeholder="Paste it here"
            size="md"
            className="mono-input"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
              setIsEmpty(false);
            }}
            error={isEmpty ? "Paste your key here first." : isKeyWrong && keyRefused}
            visibilityToggleButtonProps={{ "aria-label": "Show the key", tabIndex: 0 }}
            visibilityToggleIcon={({ reveal }) => <Icon name={reveal ? "eyeOff" : "eye"} size={20} />}
          />
          <Button type="submit" size="md" fullWidth loading={isBusy} disabled={mustWait}>
            Sign in with key
          </Button>
        </form>
        <small>The key is not kept in this browser.</small>
      </div>
      <footer>Authorised use only. Sessions may be recorded.</footer>
    </main>
  );
};
