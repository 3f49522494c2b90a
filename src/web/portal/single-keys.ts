const storageKey = "sallyport-single-keys";

/** Whether single letters act (WCAG 2.1.4 wants them to be switched off); the choice stays in this browser. */
export const areSingleKeysOn = (): boolean => {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    return true;
  }
};

export const setSingleKeys = (isOn: boolean): void => {
  try {
    localStorage.setItem(storageKey, isOn ? "on" : "off");
  } catch {
    // Without storage the choice cannot be kept; letters stay on.
  }
};
