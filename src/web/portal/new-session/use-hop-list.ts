import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { flushSync } from "react-dom";
import { focusField } from "./focus-field.ts";
import { mostHops, newHop } from "./hop-values.ts";
import { hopName } from "./hop-words.ts";
import type { NewSessionValues } from "./new-session-values.ts";

/** The hops of the form and what is done to them. */
export interface HopList {
  /** Whether the whole section is open. */
  readonly isOpen: boolean;
  readonly toggle: () => void;
  /** The ids of the cards that are open. */
  readonly openIds: readonly string[];
  /** What changed last, for people who hear the page. */
  readonly said: string;
  readonly add: () => void;
  readonly remove: (index: number) => void;
  readonly move: (from: number, to: number) => void;
  readonly toggleCard: (id: string) => void;
  /** Opens the section and this hop's card, and puts the focus into it. */
  readonly edit: (index: number) => void;
  /** Opens what hops of another origin still need: their passwords. */
  readonly reveal: (values: NewSessionValues) => void;
}

export const useHopList = (form: UseFormReturnType<NewSessionValues>): HopList => {
  const hops = form.values.jump_hosts;
  const [isOpen, setIsOpen] = useState(hops.length > 0);
  const [openIds, setOpenIds] = useState(hops.slice(0, 1).map(({ id }) => id));
  const [said, setSaid] = useState("");

  // Cards with a fault open, and stay open while it is being mended.
  const faulty = hops.filter((_, index) => hasFault(form.errors, index)).map(({ id }) => id);
  const unseen = faulty.filter((id) => !isOpen || !openIds.includes(id));
  if (unseen.length > 0) {
    setIsOpen(true);
    setOpenIds([...openIds, ...unseen]);
  }

  const add = () => {
    if (hops.length >= mostHops) return;
    const hop = newHop();
    form.insertListItem("jump_hosts", hop);
    setOpenIds([hop.id]);
    focusField(form, `jump_hosts.${hops.length}.hostname`);
  };

  return {
    isOpen,
    toggle: () => {
      setIsOpen(!isOpen);
      if (!isOpen && hops.length === 0) add();
    },
    openIds,
    said,
    add,
    remove: (index) => {
      const [hop] = hops.slice(index, index + 1);
      if (hop === undefined) return;
      form.removeListItem("jump_hosts", index);
      focusField(form, "jump_hosts");
      setSaid(`${hopName(hop, index)} is removed.`);
    },
    move: (from, to) => {
      const hop = hops[from];
      if (hop === undefined || to < 0 || to >= hops.length || from === to) return;
      // A card that moves in the document loses the focus.
      const { activeElement } = document;
      flushSync(() => {
        form.reorderListItem("jump_hosts", { from, to });
        setSaid(`${hopName(hop, from)} is now hop ${to + 1} of ${hops.length}`);
      });
      if (activeElement instanceof HTMLElement) activeElement.focus();
    },
    toggleCard: (id) => setOpenIds(openIds.includes(id) ? openIds.filter((open) => open !== id) : [...openIds, id]),
    edit: (index) => {
      setIsOpen(true);
      setOpenIds(
        form
          .getValues()
          .jump_hosts.slice(index, index + 1)
          .map(({ id }) => id),
      );
      focusField(form, `jump_hosts.${index}.hostname`);
    },
    reveal: ({ jump_hosts: [first] }) => {
      if (first === undefined) return;
      setIsOpen(true);
      setOpenIds([first.id]);
    },
  };
};

const hasFault = (errors: object, index: number): boolean =>
  Object.keys(errors).some((path) => path.startsWith(`jump_hosts.${index}.`));
