/** Copies text; false when the browser refuses. Without a secure context it goes the old way, over a selection. */
export const copyText = async (text: string): Promise<boolean> => {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const active = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  (active?.parentElement ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (active instanceof HTMLElement) active.focus();
  return isCopied;
};
