/** The parts of one node, made in the order in which they need each other. */
import { compareText } from "../../base/compare.ts";
import type { Prng } from "../../base/prng.ts";
import type { Instant } from "../../base/time.ts";
import { CibSync } from "../cibsync/cib-sync.ts";
import { Controller } from "../controller/controller.ts";
import type { ReadinessTable } from "../controller/types.ts";
import { Executor } from "../executor/executor.ts";
import { Fencer } from "../fencer/fencer.ts";
import { Links } from "../link/links.ts";
import { Membership } from "../membership/membership.ts";
import { RemoteNodes } from "../remote/remote-nodes.ts";
import { ClusterFacts } from "./cluster-facts.ts";
import { controllerWorld } from "./controller-world.ts";
import { fencerWorld } from "./fencer-world.ts";
import { KeptTransitions } from "./kept-transitions.ts";
import { Members } from "./members.ts";
import { defaultNodeLimits, type NodeLimits, type NodeOptions } from "./node-options.ts";
import { PeerAgentDesk } from "./peer-agent-desk.ts";
import { DiskReadiness } from "./readiness.ts";
import { StonithAgent } from "./stonith-agent.ts";
import { Tokens } from "./tokens.ts";

export type NodeParts = {
  readonly self: string;
  /** Sorted. */
  readonly nodes: readonly string[];
  readonly limits: NodeLimits;
  readonly membership: Membership;
  readonly members: Members;
  readonly links: Links;
  readonly cib: CibSync;
  readonly facts: ClusterFacts;
  readonly executor: Executor;
  readonly remotes: RemoteNodes;
  readonly stonith: StonithAgent;
  readonly fencer: Fencer;
  readonly controller: Controller;
  readonly disks: DiskReadiness;
  readonly peerAgents: PeerAgentDesk;
  readonly tokens: Tokens;
  readonly kept: KeptTransitions;
  /** Of this node's resources, at this moment. */
  readiness(): ReadinessTable;
};

export function nodeParts(options: NodeOptions, prng: Prng, clock: { now(): Instant }): NodeParts {
  const { keyring } = options.membership;
  const self = options.membership.self.name;
  const nodes = [...options.membership.nodes].sort(compareText);
  const limits = { ...defaultNodeLimits, ...options.limits };
  const membership = new Membership(options.membership, prng.fork(), clock.now());
  const { incarnation } = membership.state(clock.now());
  const members = new Members(membership, nodes.length, clock.now());
  const { warntimeMs } = options.membership.timings;
  const link = { self: { name: self, incarnation }, nodes, keyring, warntimeMs };
  const links = new Links(link, prng.fork());
  const cib = new CibSync(self, options.stored);
  const facts = new ClusterFacts(() => cib.cib);
  const executor = new Executor();
  const disks = new DiskReadiness();
  const kept = new KeptTransitions(options.stored.transitions ?? [], limits);
  const shared = { options, limits, nodes, members, links, cib };
  const fencer: Fencer = new Fencer(
    fencerWorld({ ...shared, prng: prng.fork(), facts, readiness, controller: () => controller }),
  );
  const controller = new Controller(
    controllerWorld({
      ...{ ...shared, incarnation, executor, fencer, readiness, kept },
      ...{ prng: prng.fork(), now: () => clock.now() },
    }),
  );
  function readiness(): ReadinessTable {
    return disks.table((drbdResource) => fencer.copyProblem(drbdResource));
  }
  return {
    ...{ self, nodes, limits, membership, members, links, cib, facts, executor },
    ...{
      remotes: new RemoteNodes(self),
      stonith: new StonithAgent(),
      fencer,
      controller,
      disks,
      readiness,
    },
    ...{ peerAgents: new PeerAgentDesk(), tokens: new Tokens(), kept },
  };
}
