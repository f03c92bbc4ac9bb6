/** A guest that is, or should be, on this node. */
export type GuestRow = {
  readonly name: string;
  readonly state: GuestRowState;
  readonly memoryMib: number;
  readonly vcpus: number;
  /** Processor time that it has used, in seconds; 0 where that is not known. */
  readonly cpuSeconds: number;
  /** Wall time in ms since 1970 when it was powered on here; absent where that is not known. */
  readonly sinceMs?: number;
  /** The cluster's resource that runs it; absent for a guest that a person started. */
  readonly resource?: string;
  readonly id: number;
};

/** As xl's letters: r running, b blocked, p paused, s shut down, c crashed, d dying. */
export type GuestRowState =
  | "running"
  | "paused"
  | "stuck"
  | "arriving"
  | "departed"
  | "killed"
  | "unanswering";
