import { Icon } from "./icon.tsx";

/** The eye of a password field: reached by Tab, and named after what it shows. */
export const revealProps = (what: string) => ({
  visibilityToggleButtonProps: { "aria-label": `Show the ${what}`, tabIndex: 0 },
  visibilityToggleIcon: ({ reveal }: { reveal: boolean }) => <Icon name={reveal ? "eyeOff" : "eye"} size={20} />,
});
