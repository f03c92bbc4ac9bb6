/** What happened, in the words of one operator to another: a line of the log, of `holdfast events` and of status. */
export type ClusterNotice = {
  /** Counts up from 1 with each start of the daemon. */
  readonly number: number;
  /** Wall time in ms since 1970. */
  readonly atMs: number;
  /** The same moment on the machine's monotonic clock (CLOCK_MONOTONIC), in ms: for differences. */
  readonly monotonicMs: number;
  readonly node: string;
  readonly level: "info" | "warn" | "error";
  /** HFnnnn where docs/guide/errors.md has an entry, else the kind of event. */
  readonly code: string;
  /** A sentence. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
};
