/** What came of a transition: kept beside what was decided about, so that it can be told later what was done and why. */

export type TransitionOutcome = {
  /** Counts up over all transitions of the cluster, whichever node decides. */
  readonly number: number;
  /** The node that decided. */
  readonly dc: string;
  /** Why the scheduler was asked. */
  readonly reason: string;
  readonly state: TransitionEnd;
  /** Why nothing more was begun before all was done. */
  readonly abortedBecause?: string;
  /** Wall times in ms. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** In the order of the graph; without those that are only points in it. */
  readonly actions: readonly ActionOutcome[];
};

/** aborted: something came up; what was under way was waited for, and nothing more was begun. */
export type TransitionEnd = "done" | "failed" | "aborted";

export type ActionOutcome = {
  /** start, stop, monitor, stonith, clear_failcount … */
  readonly task: string;
  /** Absent where it is about the node itself. */
  readonly resource?: string;
  readonly node: string;
  /** 0 unless it recurs. */
  readonly intervalMs: number;
  readonly state: "done" | "failed" | "not-begun";
  /** The agent's own code; absent where no agent was asked. */
  readonly rc?: number;
  readonly tookMs?: number;
  /** A sentence; absent when all is well. */
  readonly why?: string;
};
