import type { SessionView } from "../../resources/sessions/schema.ts";
import type { StepNotice } from "./connect-words.ts";
import { connectingCard } from "./connecting-card.ts";
import type { Overlay } from "./overlay.ts";
import { type PromptCard, type PromptRefusal, promptCard } from "./prompt-card.ts";
import { fieldWords } from "./prompt-words.ts";

/** What stands in front of the remote screen until its first picture, and whenever the gateway asks something. */
export interface WaitingRoom {
  enter(): void;
  socketOpened(): void;
  /** Something came through the socket. */
  heard(): void;
  step(notice: StepNotice): void;
  /** What was answered was refused; the next question says so. */
  refused(refusal: PromptRefusal): void;
  ask(names: readonly string[], onAnswer: (name: string, text: string) => void): void;
  setConnected(isConnected: boolean): void;
  /** The picture is here. */
  leave(): void;
  /** The visit is over; what stands in front of the screen is no longer this room's. */
  close(): void;
}

interface WaitingRoomInput {
  readonly overlay: Overlay;
  readonly session: SessionView;
  readonly onCancel: () => void;
  /** Nothing stands in front of the screen any longer after a question. */
  readonly onClear: () => void;
}

/** A quick connection shows no card at all. */
const cardAfterMs = 300;
const silentAfterMs = 10_000;

export const createWaitingRoom = ({ overlay, session, onCancel, onClear }: WaitingRoomInput): WaitingRoom => {
  const known = new Map<string, string>(session.username ? [["username", session.username]] : []);
  let card = connectingCard(session, onCancel);
  let cardTimer: ReturnType<typeof setTimeout> | undefined;
  let silentTimer: ReturnType<typeof setTimeout> | undefined;
  let isInside = false;
  let prompt: PromptCard | null = null;
  let refusal: PromptRefusal | null = null;
  /** The hop that is being signed in to, which is who asks then. */
  let hop: string | null = null;
  const showCard = () => {
    prompt = null;
    overlay.show(card);
  };
  const close = () => {
    clearTimeout(cardTimer);
    clearTimeout(silentTimer);
    isInside = false;
    prompt = null;
    refusal = null;
  };
  return {
    close,
    enter: () => {
      isInside = true;
      card = connectingCard(session, onCancel);
      overlay.cover();
      cardTimer = setTimeout(showCard, cardAfterMs);
    },
    socketOpened: () => {
      clearTimeout(silentTimer);
      if (isInside) silentTimer = setTimeout(card.warnSilent, silentAfterMs);
    },
    heard: () => clearTimeout(silentTimer),
    step: (notice) => {
      if (notice.state === "running") hop = notice.hop === undefined ? null : hopNameOf(session, notice.hop);
      card.step(notice);
    },
    refused: (told) => {
      refusal = told;
    },
    ask: (names, onAnswer) => {
      clearTimeout(cardTimer);
      clearTimeout(silentTimer);
      // A returning browser is asked again: what was typed meanwhile stays.
      if (prompt && names.join() === prompt.names.join()) {
        refusal = null;
        prompt.setConnected(true);
        prompt.onAnswer = send;
        return;
      }
      function send(answers: ReadonlyMap<string, string>) {
        for (const [name, text] of answers) {
          if (!fieldWords(name).isSecret) known.set(name, text);
          onAnswer(name, text);
        }
        prompt = null;
        if (isInside) return showCard();
        overlay.hide();
        onClear();
      }
      prompt = promptCard({ session, names, hop, refusal, known, onCancel });
      prompt.onAnswer = send;
      refusal = null;
      overlay.show(prompt);
    },
    setConnected: (isConnected) => prompt?.setConnected(isConnected),
    leave: () => {
      close();
      overlay.hide();
    },
  };
};

/** "Hop 2, db-gw", as the gateway names it before its questions. */
const hopNameOf = ({ jump_hosts }: SessionView, hop: number): string =>
  `Hop ${hop}, ${jump_hosts?.[hop - 1]?.hostname ?? ""}`;
