import type { SessionView } from "../../../resources/sessions/schema.ts";

/**
 * The rows to show when the list has changed: those shown before keep their places, also when they have ended. While the
 * pointer is over the list new ones come last; otherwise they take the place that is theirs.
 */
export const steadyRows = (options: {
  /** Ids as they are shown, in their order. */
  shown: readonly string[];
  /** All sessions, newest first. */
  sessions: readonly SessionView[];
  belongs: (session: SessionView) => boolean;
  isHeld: boolean;
}): readonly SessionView[] => {
  const { shown, sessions, belongs, isHeld } = options;
  const kept = new Set(shown);
  const wanted = sessions.filter((session) => kept.has(session.session_id) || belongs(session));
  if (!isHeld) return wanted;
  const places = new Map(shown.map((id, index) => [id, index]));
  const placeOf = (session: SessionView) => places.get(session.session_id) ?? shown.length;
  return wanted.toSorted((a, b) => placeOf(a) - placeOf(b));
};
