/** What resource agents of each class can do, as far as the scheduler cares. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

export type AgentTraits = {
  readonly provider: boolean;
  /** Instances can be told apart, so a clone may be globally unique. */
  readonly unique: boolean;
  readonly promotable: boolean;
  /** Takes the parameters of fence devices (pcmk_*). */
  readonly fenceParams: boolean;
};

const none: AgentTraits = { provider: false, unique: false, promotable: false, fenceParams: false };

const traits: ReadonlyMap<string, AgentTraits> = new Map([
  ["ocf", { provider: true, unique: true, promotable: true, fenceParams: false }],
  ["stonith", { provider: false, unique: true, promotable: false, fenceParams: true }],
]);

export function agentTraits(agentClass: string | undefined): AgentTraits {
  return (agentClass === undefined ? undefined : traits.get(agentClass.toLowerCase())) ?? none;
}

/** The connection to a Pacemaker Remote node. */
export function isRemoteAgent(resource: XmlElement): boolean {
  const is = (name: string, value: string): boolean =>
    attribute(resource, name)?.toLowerCase() === value;
  return is("type", "remote") && is("class", "ocf") && is("provider", "pacemaker");
}
