import { Button } from "@mantine/core";
import { Icon } from "../icon.tsx";

interface FormFootProps {
  isBusy: boolean;
  /** Testing is what Enter does. */
  wantsTest: boolean;
  onStart: () => void;
  onTest: () => void;
}

/** What can be done with the filled form. The button that Enter stands for submits it. */
export const FormFoot = ({ isBusy, wantsTest, onStart, onTest }: FormFootProps) => (
  <div className="form-foot">
    <Button
      loading={isBusy}
      leftSection={<Icon name="play" size={12} />}
      {...(wantsTest ? { variant: "default", onClick: onStart } : { type: "submit" })}
    >
      Start session
    </Button>
    <Button
      data-path="test"
      leftSection={<Icon name="stethoscope" />}
      {...(wantsTest ? { type: "submit" } : { variant: "default", onClick: onTest })}
    >
      Test connection
    </Button>
    <span className="note">
      {wantsTest
        ? "Passwords and keys were not kept: type them again."
        : "What you type here is used once and stored nowhere."}
    </span>
  </div>
);
