import { type PointerEvent, type RefObject, useRef, useState } from "react";

interface HopDrag {
  readonly listRef: RefObject<HTMLOListElement | null>;
  /** The id of the hop that is dragged. */
  readonly draggedId: string | null;
  /** For the handle of a hop. */
  readonly start: (event: PointerEvent, id: string) => void;
  /** For the list. */
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
}

/**
 * Moves a hop while its handle is dragged, by mouse, pen or finger. The list holds the pointer: a card that moves in the
 * document would lose it.
 */
export const useHopDrag = (ids: readonly string[], move: (from: number, to: number) => void): HopDrag => {
  const listRef = useRef<HTMLOListElement>(null);
  const [draggedId, setDraggedId] = useState<string | null>(null);
  const end = () => setDraggedId(null);
  return {
    listRef,
    draggedId,
    start: (event, id) => {
      if (event.button !== 0) return;
      event.preventDefault();
      listRef.current?.setPointerCapture(event.pointerId);
      setDraggedId(id);
    },
    handlers: {
      onPointerMove: ({ clientY }) => {
        if (draggedId === null) return;
        const from = ids.indexOf(draggedId);
        const cards = [...(listRef.current?.children ?? [])];
        const to = cards.filter((card, index) => index !== from && middleOf(card) < clientY).length;
        move(from, to);
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
};

const middleOf = (card: Element): number => {
  const { top, height } = card.getBoundingClientRect();
  return top + height / 2;
};
