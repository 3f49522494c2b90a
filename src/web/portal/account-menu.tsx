import { Button, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useId, useRef, useState } from "react";
import { Icon } from "./icon.tsx";
import { initialsOf } from "./initials-of.ts";
import { roleWords } from "./me.ts";
import { useShell } from "./shell.ts";
import { areSingleKeysOn, setSingleKeys } from "./single-keys.ts";
import { goTo } from "./use-path.ts";

const schemes = [
  { value: "auto", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

const signInWords = { oidc: "Single sign-on", api_key: "API key", user_token: "Token" } as const;

/** Who I am, how the pages look, the way out. The browser's own popover brings Esc, outside clicks and focus. */
export const AccountMenu = () => {
  const { me, openKeyboardMap, signOut } = useShell();
  const id = useId();
  const menu = useRef<HTMLElement>(null);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [hasSingleKeys, setHasSingleKeys] = useState(areSingleKeysOn);
  const leave = (act: () => void) => () => {
    menu.current?.hidePopover();
    act();
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
      <section ref={menu} id={id} popover="auto" className="account" aria-label="Account">
        <div className="account-who">
          <bdi className="name cut" title={me.name}>
            {me.name}
          </bdi>
          {me.email !== null && me.email !== me.name && (
            <bdi className="note cut" title={me.email}>
              {me.email}
            </bdi>
          )}
        </div>
        <dl className="account-facts">
          <dt>Role</dt>
          <dd>{roleWords[me.role]}</dd>
          <dt>Signed in by</dt>
          <dd>{signInWords[me.auth_type]}</dd>
          {me.groups.length > 0 && (
            <>
              <dt>Groups</dt>
              <dd>
                <bdi>{me.groups.join(", ")}</bdi>
              </dd>
            </>
          )}
        </dl>
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
        <div className="account-actions">
          <button type="button" onClick={leave(openKeyboardMap)}>
            <Icon name="keyboard" />
            Keyboard shortcuts
          </button>
          <button type="button" onClick={leave(() => goTo("/about"))}>
            <Icon name="info" />
            About
          </button>
        </div>
        <Button variant="default" leftSection={<Icon name="signOut" />} onClick={() => void signOut()}>
          Sign out
        </Button>
      </section>
    </>
  );
};
