import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import { type ReactNode, useEffect, useState } from "react";
import "./dialog.css";

interface DialogProps {
  title: ReactNode;
  /** Width in px; on a phone dialogs fill the screen. */
  size: number;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog that is there while it is drawn. Esc and the cross close it; the focus goes back to where it came from. Its
 * head is a plain div: Mantine's own is a `header`, which would be a second banner of the page.
 */
export const Dialog = ({ title, size, onClose, children }: DialogProps) => {
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  const [origin] = useState(() => document.activeElement);
  useEffect(() => () => giveFocusBack(origin), [origin]);
  return (
    <Modal.Root
      opened
      onClose={onClose}
      returnFocus={false}
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
          <Modal.CloseButton className="dialog-close" aria-label="Close" />
        </div>
        <Modal.Body className="dialog-body">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};

/** To the row the dialog came from rather than to its button, which may go with what the dialog did. */
const giveFocusBack = (origin: Element | null): void => {
  const target = origin?.closest('[role="row"]') ?? origin;
  if (target instanceof HTMLElement) target.focus();
};
