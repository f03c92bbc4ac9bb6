/** Why resources are where they are, why not elsewhere, why not at all. */
import type { ResourceChange } from "../decision/transition.ts";

export type WhyReport = {
  readonly takenAtMs: number;
  readonly resources: readonly ResourceWhy[];
  /** What holds for the cluster as a whole: no quorum, maintenance, waiting for a node … */
  readonly general: readonly WhyLine[];
};

export type ResourceWhy = {
  readonly resource: string;
  readonly role: string;
  /** Where it is active now. */
  readonly activeOn: readonly string[];
  /** What would be done next: empty when it stays as it is. */
  readonly next: readonly ResourceChange[];
  readonly nodes: readonly NodeWhy[];
  /** What holds for it wherever it is: stopped by target-role, unmanaged, failed stop, waiting for a disk … */
  readonly lines: readonly WhyLine[];
};

export type NodeWhy = {
  readonly node: string;
  /** May it run there at all. */
  readonly allowed: boolean;
  /** 1000000 is infinite. */
  readonly score: number;
  readonly lines: readonly WhyLine[];
};

export type WhyLine = {
  /** A sentence. */
  readonly text: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly remedy: string;
};
