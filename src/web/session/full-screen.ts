export const isFullScreen = (): boolean => document.fullscreenElement !== null;

/**
 * Turns full screen on or off. In full screen the keyboard is locked where the browser can, so that Esc, Ctrl+W and the
 * like reach the target.
 */
export const toggleFullScreen = async (): Promise<void> => {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
    return;
  }
  await document.documentElement.requestFullscreen();
  if ("keyboard" in navigator && canLock(navigator.keyboard)) await navigator.keyboard.lock();
};

/** The Keyboard Lock API, which only Chromium has and TypeScript does not know. */
const canLock = (keyboard: unknown): keyboard is { lock(): Promise<void> } =>
  typeof keyboard === "object" && keyboard !== null && "lock" in keyboard && typeof keyboard.lock === "function";
