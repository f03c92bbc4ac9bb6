/** What the controller sees of its node. */
import type { Prng } from "../../base/prng.ts";
import type { Instant } from "../../base/time.ts";
import type { CibSync } from "../cibsync/cib-sync.ts";
import type { ReadinessTable } from "../controller/types.ts";
import type { World } from "../controller/world.ts";
import type { Executor } from "../executor/executor.ts";
import type { Fencer } from "../fencer/fencer.ts";
import type { Links } from "../link/links.ts";
import type { KeptTransitions } from "./kept-transitions.ts";
import type { Members } from "./members.ts";
import type { NodeLimits, NodeOptions } from "./node-options.ts";
import { randomUuid } from "./random-uuid.ts";

export type ControllerParts = {
  readonly options: NodeOptions;
  readonly limits: NodeLimits;
  readonly nodes: readonly string[];
  readonly incarnation: bigint;
  readonly members: Members;
  readonly links: Links;
  readonly cib: CibSync;
  readonly executor: Executor;
  readonly fencer: Fencer;
  readonly prng: Prng;
  readonly kept: KeptTransitions;
  readiness(): ReadinessTable;
  now(): Instant;
};

export function controllerWorld(parts: ControllerParts): World {
  const { options, cib, members, executor, fencer } = parts;
  return {
    self: options.membership.self.name,
    incarnation: parts.incarnation,
    nodes: parts.nodes,
    version: options.version ?? "",
    schedule: options.schedule,
    joinMs: parts.limits.joinMs,
    nodeActionsMax: parts.limits.nodeActionsMax,
    cib: () => cib.cib,
    generation: () => cib.generation,
    lineage: () => cib.lineage,
    configurationDigest: () => cib.entry.digest,
    isCibSettled: () => cib.pendingChanges === 0,
    members: () => members.all,
    isSettled: () => members.settled,
    isLinkUp: (peer) => isLinkUp(parts.links, peer),
    hasQuorum: (joined) => members.hasQuorum(joined),
    hadQuorum: () => members.hadQuorum,
    loss: (node) => fencer.loss(node, parts.now()),
    history: () => executor.history(),
    readiness: () => parts.readiness(),
    evidence: () => fencer.sharedEvidence(),
    lastTransition: () => parts.kept.last,
    newUuid: () => randomUuid(parts.prng),
  };
}

export function isLinkUp(links: Links, peer: string): boolean {
  return links.state().some((link) => link.peer === peer && link.up);
}
