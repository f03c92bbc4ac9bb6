/** What a simulated cluster is made of. */
import type { MembershipTimings } from "../../../src/core/membership/types.ts";

export type GuestShape = {
  readonly name: string;
  /** Its DRBD resources, the one with its ledger first. */
  readonly drbdResources: readonly string[];
  /** The two nodes that have copies of them. */
  readonly nodes: readonly [string, string];
  /** The guest runs pacemaker_remoted, and is a node of this name. */
  readonly nodeInside?: string;
};

export type ClusterShape = {
  readonly nodes: readonly string[];
  readonly guests: readonly GuestShape[];
  /** Machines that are no members but run pacemaker_remoted; each is reached by its name. */
  readonly remotes?: readonly string[];
  readonly timings: MembershipTimings;
};

/** A dead host is declared in about two seconds. */
export const quickTimings: MembershipTimings = {
  keepaliveMs: 250,
  warntimeMs: 1000,
  deadtimeMs: 2000,
  initdeadMs: 10_000,
  restartHoldMsMax: 30_000,
};

/** The how-to's: two guests, each with a root and a swap volume, replicated between two hosts. */
export function howtoShape(guests: readonly string[] = ["host1", "host2"]): ClusterShape {
  return {
    nodes: ["xen1", "xen2"],
    guests: guests.map((name) => ({
      name,
      drbdResources: [`${name}_root`, `${name}_swap`],
      nodes: ["xen1", "xen2"],
    })),
    timings: quickTimings,
  };
}

export function addressOf(shape: ClusterShape, node: string): string {
  return `10.0.0.${shape.nodes.indexOf(node) + 1}`;
}

/** Where a disk server is found: each is an endpoint of its own in the simulated network. */
export function diskAddressOf(shape: ClusterShape, node: string, drbdResource: string): string {
  return `${addressOf(shape, node)}/${drbdResource}`;
}
