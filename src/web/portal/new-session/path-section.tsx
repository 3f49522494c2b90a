import { Button } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { type ReactNode, useId, useMemo } from "react";
import { protocolIcon } from "../../protocol-icon.ts";
import type { Station } from "../../station.ts";
import { DrawnPath } from "../drawn-path.tsx";
import { Icon } from "../icon.tsx";
import { Mark } from "../mark.tsx";
import { HopCard } from "./hop-card.tsx";
import { mostHops } from "./hop-values.ts";
import { addressOf, hopName, pathWords } from "./hop-words.ts";
import type { NewSessionValues } from "./new-session-values.ts";
import { OptionHead } from "./option-head.tsx";
import { useHopDrag } from "./use-hop-drag.ts";
import type { HopList } from "./use-hop-list.ts";
import "./path-section.css";

interface PathSectionProps {
  form: UseFormReturnType<NewSessionValues>;
  list: HopList;
}

/** The way to the target: one line, which opens into the drawn path and a card for each hop. */
export const PathSection = ({ form, list }: PathSectionProps) => {
  const id = useId();
  const hops = form.values.jump_hosts;
  const drag = useHopDrag(
    hops.map((hop) => hop.id),
    list.move,
  );
  const { isOpen } = list;
  const { user, host } = addressOf(form.values, null);
  return (
    <div className="option-line">
      <OptionHead
        title="Path"
        summary={pathWords(hops)}
        isOpen={isOpen}
        verb={hops.length === 0 ? "Add hop" : "Change"}
        controls={id}
        onToggle={list.toggle}
      />
      <div id={id} className="path-section" hidden={!isOpen}>
        {isOpen && (
          <>
            <PathBand values={form.values} />
            <HopsLine count={hops.length} />
            <div className="rail-row">
              <RailNode kind="gateway">
                <Mark size={14} />
              </RailNode>
              <span>
                <span className="name">Gateway</span>{" "}
                <span className="faint">
                  {hops.length === 0 ? "dials the target itself" : "signs in to the first hop"}
                </span>
              </span>
            </div>
            <ol className="hop-list" aria-label="Hops" ref={drag.listRef} {...drag.handlers}>
              {hops.map((hop, index) => (
                <HopCard
                  key={hop.id}
                  form={form}
                  hop={hop}
                  index={index}
                  isOpen={list.openIds.includes(hop.id)}
                  isDragged={drag.draggedId === hop.id}
                  onToggle={() => list.toggleCard(hop.id)}
                  onMove={(to) => list.move(index, to)}
                  onRemove={() => list.remove(index)}
                  onDrag={(event) => drag.start(event, hop.id)}
                />
              ))}
            </ol>
            <div className="rail-row is-last">
              <RailNode kind="target">
                <Icon name={protocolIcon(form.values.session_type)} size={15} />
              </RailNode>
              <span className="cut">
                <span className="name">Target</span> <bdi className="faint mono">{host === "" ? "" : user + host}</bdi>
              </span>
              {hops.length < mostHops && (
                <Button
                  variant="default"
                  className="add-hop"
                  data-path="jump_hosts"
                  leftSection={<Icon name="plus" />}
                  onClick={list.add}
                >
                  Add hop
                </Button>
              )}
            </div>
            <div className="sr-only" role="status">
              {list.said}
            </div>
          </>
        )}
      </div>
    </div>
  );
};

const PathBand = ({ values }: { values: NewSessionValues }) => {
  const { jump_hosts, session_type } = values;
  const { host: target } = addressOf(values, null);
  const stations = useMemo(
    (): Station[] => [
      { kind: "you", name: "You", note: "this browser", state: "plain" },
      { kind: "gateway", name: "Gateway", state: "plain" },
      ...jump_hosts.map((hop, index): Station => ({ kind: "hop", name: hopName(hop, index), state: "plain" })),
      { kind: "target", name: "Target", state: "plain", ...(target === "" ? {} : { note: target }) },
    ],
    [jump_hosts, target],
  );
  return <DrawnPath className="path-band" stations={stations} targetIcon={protocolIcon(session_type)} />;
};

const HopsLine = ({ count }: { count: number }) => (
  <p className="hops-line">
    <strong>Hops</strong>{" "}
    {count >= mostHops ? (
      `${count} of ${mostHops}. This is the longest path the gateway takes.`
    ) : (
      <>
        The gateway passes through these in order.
        {count > 1 && (
          <span className="wide-only">
            {" "}
            Drag, or <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>Alt</kbd> <kbd>↓</kbd>.
          </span>
        )}
      </>
    )}
  </p>
);

const RailNode = ({ kind, children }: { kind: "gateway" | "target"; children: ReactNode }) => (
  <span className={`rail-node is-${kind}`} aria-hidden="true">
    {children}
  </span>
);
