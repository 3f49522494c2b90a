import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { protocolIcon } from "../protocol-icon.ts";
import { button } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";
import { sessionName } from "./session-name.ts";

/** Another window of the same person has the session now. */
export const elsewhereCard = (session: SessionView, onBringBack: () => void): Card => {
  const back = button({ label: "Bring it back here", look: "primary", keyCap: "Enter", onPress: onBringBack });
  const close = button({
    label: "Close",
    look: "quiet",
    onPress: () => {
      // Browsers close only windows that a page opened.
      window.close();
      location.assign("/");
    },
  });
  return {
    element: cardFrame({
      title: "This session is open in another window",
      name: sessionName(session),
      protocol: { type: session.session_type, icon: protocolIcon(session.session_type) },
      body: [h("p", { role: "alert" }, "It was taken over there. Everything you started goes on.")],
      foot: [back, close],
      width: "narrow",
    }),
    focus: back,
  };
};
