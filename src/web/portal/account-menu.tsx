import { Button, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useId, useState } from "react";
import type { MeView } from "../../resources/auth/schema.ts";
import { Icon } from "./icon.tsx";
import { initialsOf } from "./initials-of.ts";
import { areSingleKeysOn, setSingleKeys } from "./single-keys.ts";

const schemes = [
  { value: "auto", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** Who I am, how the pages look, the way out. The browser's own popover brings Esc, outside clicks and focus. */
export const AccountMenu = ({ me }: { me: MeView }) => {
  const id = useId();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [hasSingleKeys, setHasSingleKeys] = useState(areSingleKeysOn);

  const signOut = async () => {
    await fetch("/auth/logout", { method: "POST", redirect: "manual", signal: AbortSignal.timeout(10_000) }).catch(
      () => undefined,
    );
    location.assign("/");
  };

  return (
    <>
      <button
        type="button"
        className="initials"
        popoverTarget={id}
        aria-label={`${initialsOf(me.name)}, account of ${me.name}`}
      >
        {initialsOf(me.name)}
      </button>
      <section id={id} popover="auto" className="account" aria-label="Account">
        <div className="account-who">
          <bdi className="name cut" title={me.email ?? me.name}>
            {me.name}
          </bdi>
          <div className="note">
            {me.role}
            {me.auth_type === "api_key" && ", signed in with a key"}
          </div>
        </div>
        <div>
          <div className="label" id={`${id}-scheme`}>
            Colours
          </div>
          <SegmentedControl
            aria-labelledby={`${id}-scheme`}
            fullWidth
            value={colorScheme}
            data={[...schemes]}
            onChange={(value) => setColorScheme(value)}
          />
        </div>
        <label className="account-keys">
          <input
            type="checkbox"
            checked={hasSingleKeys}
            onChange={(event) => {
              setSingleKeys(event.currentTarget.checked);
              setHasSingleKeys(event.currentTarget.checked);
            }}
          />
          Single letters act as keys
        </label>
        <Button variant="default" leftSection={<Icon name="signOut" />} onClick={() => void signOut()}>
          Sign out
        </Button>
      </section>
    </>
  );
};
