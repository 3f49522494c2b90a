import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import "./modal-styles.ts";
import type { ReactNode } from "react";
import { useFocusBack } from "./use-focus-back.ts";

interface DialogProps {
  title: ReactNode;
  /** Between the title and the cross. */
  beside?: ReactNode;
  /** Width in px; on a phone dialogs fill the screen. */
  size: number;
  onClose: () => void;
  /** Neither Esc nor a click beside it closes the dialog, and it has no cross. */
  isLocked?: boolean;
  /** Another dialog has its place; what was typed stays. */
  isHidden?: boolean;
  children: ReactNode;
}

/**
 * A dialog that is there while it is drawn. Esc and the cross close it; the focus goes back to where it came from. Its
 * head is a plain div: Mantine's own is a `header`, which would be a second banner of the page.
 */
export const Dialog = ({ title, beside, size, onClose, isLocked = false, isHidden = false, children }: DialogProps) => {
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  useFocusBack();
  return (
    <Modal.Root
      opened={!isHidden}
      keepMounted={isHidden}
      keepMountedMode="display-none"
      onClose={onClose}
      returnFocus={false}
      closeOnEscape={!isLocked}
      closeOnClickOutside={!isLocked}
      size={size}
      centered
      fullScreen={isPhone}
      padding={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay className="dialog-veil" />
      <Modal.Content className="dialog" radius="lg">
        <div className="dialog-head">
          <Modal.Title className="dialog-title">{title}</Modal.Title>
          {beside}
          {!isLocked && <Modal.CloseButton className="dialog-close" aria-label="Close" />}
        </div>
        <Modal.Body className="dialog-body">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
