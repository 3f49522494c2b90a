import { ActionIcon } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type KeyboardEvent, type PointerEvent, useId } from "react";
import { Icon } from "../icon.tsx";
import { HopFields } from "./hop-fields.tsx";
import type { HopValues } from "./hop-values.ts";
import { addressOf, hopName, hopWayWords } from "./hop-words.ts";
import type { NewSessionValues } from "./new-session-values.ts";

interface HopCardProps {
  form: UseFormReturnType<NewSessionValues>;
  hop: HopValues;
  index: number;
  isOpen: boolean;
  isDragged: boolean;
  onToggle: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  onDrag: (event: PointerEvent) => void;
}

/** One hop on the rail: a line while it is closed, its fields while it is open. */
export const HopCard = ({ form, hop, index, isOpen, isDragged, onToggle, onMove, onRemove, onDrag }: HopCardProps) => {
  const id = useId();
  const count = form.values.jump_hosts.length;
  const name = hopName(hop, index);
  const { user, host } = addressOf(hop, 22);
  const isPinned = hop.host_key.trim() !== "";

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? index - 1 : index + 1);
  };

  return (
    <li className={`hop ${isOpen ? "is-open" : ""} ${isDragged ? "is-dragged" : ""}`} onKeyDown={onKeyDown}>
      <span className="rail-node" aria-hidden="true">
        {index + 1}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be a grid with its legend */}
      <div className="hop-card" role="group" aria-label={`Hop ${index + 1}, ${name}`}>
        <div className="hop-head">
          <span className="hop-grip" onPointerDown={onDrag} aria-hidden="true">
            <Icon name="grip" />
          </span>
          <button type="button" className="hop-toggle" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
            <span className="sr-only">Hop {index + 1}: </span>
            <bdi className="hop-name cut" title={`${user}${host}`}>
              {host === "" ? (
                <span className="faint">New hop</span>
              ) : (
                <>
                  <span className="faint">{user}</span>
                  {host}
                </>
              )}
            </bdi>
            {!isOpen && (
              <>
                <span className="hop-way">{hopWayWords[hop.signInWith]}</span>
                <span className={`hop-key ${isPinned ? "is-pinned" : ""}`}>
                  <Icon name={isPinned ? "shieldCheck" : "fingerprint"} size={14} />
                  {isPinned ? "Key pinned" : "First use"}
                </span>
              </>
            )}
            <span className="hop-chevron">
              <Icon name="chevronDown" />
            </span>
          </button>
          {isOpen && (
            <>
              <MoveButton
                label={`Move ${name} up`}
                icon="arrowUp"
                isEnd={index === 0}
                onPress={() => onMove(index - 1)}
              />
              <MoveButton
                label={`Move ${name} down`}
                icon="arrowDown"
                isEnd={index === count - 1}
                onPress={() => onMove(index + 1)}
              />
              <ActionIcon variant="subtle" color="bad" aria-label={`Remove ${name}`} onClick={onRemove}>
                <Icon name="trash" />
              </ActionIcon>
            </>
          )}
        </div>
        <div id={id} className="hop-fields" hidden={!isOpen}>
          {isOpen && <HopFields form={form} hop={hop} prefix={`jump_hosts.${index}.`} />}
        </div>
      </div>
    </li>
  );
};

interface MoveButtonProps {
  label: string;
  icon: "arrowUp" | "arrowDown";
  /** There is nowhere to go. The button keeps the focus that it may have. */
  isEnd: boolean;
  onPress: () => void;
}

const MoveButton = ({ label, icon, isEnd, onPress }: MoveButtonProps) => (
  <ActionIcon
    variant="subtle"
    className="hop-move"
    aria-label={label}
    {...(isEnd ? { "aria-disabled": true, "data-disabled": true } : {})}
    onClick={onPress}
  >
    <Icon name={icon} />
  </ActionIcon>
);
