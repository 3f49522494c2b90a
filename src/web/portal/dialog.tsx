import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import type { ReactNode } from "react";
import "./dialog.css";

interface DialogProps {
  title: ReactNode;
  /** Width in px; on a phone dialogs fill the screen. */
  size: number;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that is there while it is drawn. Esc and the cross close it; the focus goes back to where it came from. */
export const Dialog = ({ title, size, onClose, children }: DialogProps) => {
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      centered
      fullScreen={isPhone}
      radius="lg"
      padding={24}
      transitionProps={{ duration: 0 }}
      overlayProps={{ className: "dialog-veil" }}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ content: "dialog", title: "dialog-title", body: "dialog-body" }}
    >
      {children}
    </Modal>
  );
};
