/** Whether a key may act on the page: nothing is being typed into, no dialog is open, no modifier is held. */
export const keyIsFree = (event: KeyboardEvent): boolean => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  if (document.querySelector('[role="dialog"], :popover-open') !== null) return false;
  return !(event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]"));
};

/** Whether the focused part takes Enter and Space for itself. */
export const hasOwnEnter = (event: KeyboardEvent): boolean =>
  event.target instanceof Element && event.target.matches("a, button");
