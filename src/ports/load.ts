/** What the processors of this host have to do. */
export type LoadMeter = {
  /** Undefined where the host does not say it. */
  read(): LoadReading | undefined;
};

export type LoadReading = {
  /** Processes that ran or waited for a processor, on the average of the last minute. */
  readonly oneMinute: number;
  readonly processors: number;
};
