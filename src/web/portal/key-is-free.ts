/** Whether a key may act on the page: the focused part does not take it, no dialog is open, no modifier is held. */
export const keyIsFree = (event: KeyboardEvent): boolean => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  if (document.querySelector('[role="dialog"], :popover-open') !== null) return false;
  return !(event.target instanceof Element && takesKey(event.target, event.key));
};

const takesKey = (element: Element, key: string): boolean => {
  if (element.matches('[type="radio"]')) return key.startsWith("Arrow");
  return element.matches("input, textarea, select, [contenteditable]");
};

/** Whether the focused part takes Enter and Space for itself. */
export const hasOwnEnter = (event: KeyboardEvent): boolean =>
  event.target instanceof Element && event.target.matches("a, button");
