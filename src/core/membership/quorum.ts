/** Who may act. Two nodes: each of them, as Heartbeat had it (its peer is fenced, not outvoted); more: a majority. */
export function hasQuorum(options: {
  readonly nodeCount: number;
  readonly memberCount: number;
  readonly settled: boolean;
}): boolean {
  if (!options.settled) return false;
  if (options.nodeCount <= 2) return options.memberCount >= 1;
  return options.memberCount * 2 > options.nodeCount;
}
