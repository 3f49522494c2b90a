import { AudioContextFactory, AudioPlayer } from "@glokon/guacamole-common-js";

const gestures = ["pointerdown", "keydown", "touchend"] as const;

/** What this browser can play of a target's sound. Browsers play nothing before the first press on the page. */
export const openAudio = (): readonly string[] => {
  const resume = () => {
    void AudioContextFactory.getAudioContext()?.resume();
    for (const gesture of gestures) document.removeEventListener(gesture, resume, true);
  };
  for (const gesture of gestures) document.addEventListener(gesture, resume, true);
  return AudioPlayer.getSupportedTypes();
};
