/** The sets of flags that actions and orderings carry. They are tested and combined as sets, hence bits. */

export const actionFlag: {
  readonly pseudo: 1;
  readonly runnable: 2;
  readonly optional: 4;
  readonly alwaysInGraph: 8;
  readonly paramsRead: 16;
  readonly migratable: 32;
  readonly inGraph: 64;
  readonly migrationAbort: 128;
  readonly reschedule: 256;
  readonly visited: 512;
  readonly inputsMerged: 1024;
  readonly onDc: 2048;
} = {
  /** Needs no agent: it only marks a point in the order. */
  pseudo: 1,
  runnable: 2,
  /** Not needed; most actions begin so and become required through what depends on them. */
  optional: 4,
  alwaysInGraph: 8,
  paramsRead: 16,
  /** May be part of a live migration. */
  migratable: 32,
  inGraph: 64,
  /** The stop that ends a migration which left the source behind. */
  migrationAbort: 128,
  /** A recurring monitor whose definition changed. */
  reschedule: 256,
  visited: 512,
  inputsMerged: 1024,
  /** Done by the DC, so the node need not be up. */
  onDc: 2048,
};

/** How two ordered actions affect each other. */
export const edge: {
  readonly none: 0;
  readonly order: number;
  readonly unlessFirstMigrates: number;
  readonly nextNeedsFirst: number;
  readonly firstForcesNext: number;
  readonly promotedNextNeedsFirst: number;
  readonly unmigratableNextBlocks: number;
  readonly firstBlocksNext: number;
  readonly firstElseNext: number;
  readonly firstForcesNextHere: number;
  readonly nestedRemoteProbe: number;
  readonly restart: number;
  readonly serialize: number;
  readonly sameNode: number;
  readonly nextGraphsFirst: number;
  readonly firstGraphsNext: number;
  readonly asymmetric: number;
  readonly sameNodeOrTarget: number;
  readonly minRunnable: number;
  readonly sameNodeIfRequired: number;
  readonly guestAllowed: number;
  readonly nextCancelsFirst: number;
} = {
  none: 0,
  /** If both happen, first comes first. */
  order: 1,
  /** Holds only if `first` is not part of a live migration. */
  unlessFirstMigrates: 1 << 1,
  /** If `next` is required, `first` becomes required. */
  nextNeedsFirst: 1 << 2,
  /** If `first` is required, `next` becomes required. */
  firstForcesNext: 1 << 3,
  /** As nextNeedsFirst, for a resource that is promoted now. */
  promotedNextNeedsFirst: 1 << 4,
  /** `first` may run only if `next` is runnable and migratable. */
  unmigratableNextBlocks: 1 << 5,
  /** If `first` cannot run, `next` cannot either. */
  firstBlocksNext: 1 << 6,
  /** If `first` cannot run, `next` is done for real instead of by migration. */
  firstElseNext: 1 << 7,
  /** As firstForcesNext, but only for instances on the node of `first`. */
  firstForcesNextHere: 1 << 8,
  /** As firstBlocksNext, unless `first` belongs to something already active (probe of a bundle's connection). */
  nestedRemoteProbe: 1 << 9,
  /** Stop before start of one resource, or stop of one group member before the one below. */
  restart: 1 << 10,
  serialize: 1 << 11,
  sameNode: 1 << 12,
  nextGraphsFirst: 1 << 13,
  firstGraphsNext: 1 << 14,
  asymmetric: 1 << 15,
  /** Same node, or for a migrate_to the migration's target. */
  sameNodeOrTarget: 1 << 16,
  /** `next` may run when enough of its firsts can. */
  minRunnable: 1 << 17,
  sameNodeIfRequired: 1 << 18,
  /** Holds although `first` runs on a guest that `next` makes. */
  guestAllowed: 1 << 19,
  /** If `next` is required, `first` is given up. */
  nextCancelsFirst: 1 << 20,
};

export function has(set: number, flag: number): boolean {
  return (set & flag) === flag;
}

export function hasAny(set: number, flags: number): boolean {
  return (set & flags) !== 0;
}
