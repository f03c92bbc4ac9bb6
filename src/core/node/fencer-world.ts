/** What the fencer sees of its node. */
import type { Prng } from "../../base/prng.ts";
import type { CibSync } from "../cibsync/cib-sync.ts";
import type { Controller } from "../controller/controller.ts";
import type { ReadinessTable } from "../controller/types.ts";
import type { FencerWorld } from "../fencer/types.ts";
import type { Links } from "../link/links.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { isLinkUp } from "./controller-world.ts";
import { copiesWithout } from "./copies-without.ts";
import type { Members } from "./members.ts";
import type { NodeLimits, NodeOptions } from "./node-options.ts";

export type FencerParts = {
  readonly prng: Prng;
  readonly options: NodeOptions;
  readonly limits: NodeLimits;
  readonly nodes: readonly string[];
  readonly members: Members;
  readonly links: Links;
  readonly cib: CibSync;
  readonly facts: ClusterFacts;
  readiness(): ReadinessTable;
  /** It is made after the fencer, and looks at it. */
  controller(): Controller;
};

export function fencerWorld(parts: FencerParts): FencerWorld {
  const { options, limits, members, facts } = parts;
  const { deadtimeMs, keepaliveMs } = options.membership.timings;
  const self = options.membership.self.name;
  return {
    prng: parts.prng,
    self,
    nodes: parts.nodes,
    diskAnswerMs: limits.diskAnswerMs,
    // Its last packets may have been under way when it was switched off.
    deadMs: deadtimeMs + 2 * keepaliveMs,
    secondFencerDelayMs: limits.secondFencerDelayMs,
    partialCopyDelayMs: limits.partialCopyDelayMs,
    cib: () => parts.cib.cib,
    isFencingOn: () => facts.isFencingOn(),
    isMember: (node) => members.has(node),
    isLinkUp: (node) => isLinkUp(parts.links, node),
    isHeardElsewhere: (node) =>
      members.all.some(({ name }) => {
        const standing = name === self ? undefined : parts.controller().standingOf(name);
        return standing?.members.includes(node) === true;
      }),
    activeOn: (node) => facts.activeOn(node),
    copiesWithout: (target) => {
      const active = [...facts.activeOn(target), ...facts.activeOn(self)];
      const joined = parts.controller().dc?.members.all() ?? [];
      const others = joined.filter(({ name, state }) => state === "joined" && name !== target);
      return copiesWithout(active, [parts.readiness(), ...others.map((each) => each.readiness)]);
    },
  };
}
