import type { UseFormReturnType } from "@mantine/form";
import type { NewSessionValues } from "./new-session-values.ts";

/**
 * Puts the focus into a field once it is drawn. A dialog that comes back puts it on its first field, in a timeout of its
 * own; this comes later.
 */
export const focusField = (form: UseFormReturnType<NewSessionValues>, path: string): void => {
  requestAnimationFrame(() => setTimeout(() => form.getInputNode(path)?.focus()));
};
