import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import { ProtocolMark } from "../protocol-mark.tsx";

const what: Readonly<Record<string, string>> = { ssh: "Terminal", rdp: "Windows desktop", vnc: "Shared screen" };

interface ProtocolCardsProps {
  protocols: readonly ProtocolView[];
  value: string;
  onChange: (protocol: ProtocolView) => void;
}

/** The kinds of session as cards, of which one is chosen. */
export const ProtocolCards = ({ protocols, value, onChange }: ProtocolCardsProps) => (
  <fieldset className="protocol-cards">
    <legend className="sr-only">Kind of session</legend>
    {protocols.map((protocol) => (
      <label key={protocol.id} className="protocol-card">
        <input
          type="radio"
          name="session_type"
          value={protocol.id}
          checked={protocol.id === value}
          onChange={() => onChange(protocol)}
        />
        <ProtocolMark protocol={protocol.id} isLabelled />
        <span>
          <span className="name">{protocol.label}</span>
          <span className="note">{what[protocol.id]}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
