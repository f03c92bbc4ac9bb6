/**
 * load-threshold: a node whose processors have too much to do gets fewer operations at a time, so that they end within their
 * time. The levels are Pacemaker's: load-threshold of all processors, times 1.2, 1.6 and 2.
 */

/** 0 none, 1 noticeable, 2 moderate, 3 high. */
export type LoadLevel = 0 | 1 | 2 | 3;

export const loadWords: Readonly<Record<LoadLevel, string>> = {
  0: "negligible",
  1: "noticeable",
  2: "moderate",
  3: "high",
};

/** What a node's shell measures. */
export type HostLoad = {
  /** Processes that ran or waited for a processor, on the average of the last minute. */
  readonly oneMinute: number;
  readonly processors: number;
};

/** What a node says of itself. */
export type NodeLoad = {
  readonly level: LoadLevel;
  /** Operations at a time without load, where node-action-limit says nothing. */
  readonly operationsMax: number;
};

const operationsPerProcessor = 2;
/** On a single processor a load of 1 is too much already. */
const singleProcessor = 0.6;

/** @param thresholdPercent load-threshold; 0: load is not looked at. */
export function nodeLoad({ oneMinute, processors }: HostLoad, thresholdPercent: number): NodeLoad {
  const whole = processors === 1 ? singleProcessor : processors;
  const threshold = (thresholdPercent / 100) * whole;
  const operationsMax = operationsPerProcessor * processors;
  if (threshold <= 0) return { level: 0, operationsMax };
  const steps = [1.2, 1.6, 2].filter((factor) => oneMinute > threshold * factor);
  return { level: steps.length as LoadLevel, operationsMax };
}

/** Of a node. At least one operation always goes on. */
export function operationsUnderLoad(level: LoadLevel, operationsMax: number): number {
  switch (level) {
    case 0:
      return operationsMax;
    case 1:
      return Math.max(1, Math.floor(operationsMax / 2));
    case 2:
      return Math.max(1, Math.floor(operationsMax / 4));
    case 3:
      return 1;
  }
}

/** Of the whole cluster, when one of its members has a high load: half as many operations as there are members. */
export function clusterOperationsUnderLoad(levels: readonly LoadLevel[]): number {
  if (!levels.includes(3)) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(levels.length / 2));
}
