/** Something that a person should know about, and what to do about it. */

export type Problem = {
  readonly severity: Severity;
  /** A sentence without its full stop. */
  readonly text: string;
  /** A command, or a sentence; empty where nothing is to be done. */
  readonly remedy: string;
};

/**
 * From bad to good:
 * - trouble: something that should run does not, or data or a guest is at risk now
 * - degraded: all runs, but the next failure would hurt
 * - working: the cluster is at it
 * - note: it is as somebody wanted it, and worth knowing
 */
export type Severity = (typeof severities)[number];

export const severities = ["trouble", "degraded", "working", "note"] as const;

/** The worst first; among equals in the order found. */
export function bySeverity(problems: readonly Problem[]): readonly Problem[] {
  return severities.flatMap((severity) =>
    problems.filter((problem) => problem.severity === severity),
  );
}
