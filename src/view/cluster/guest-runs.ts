/** Which guest that uses a DRBD resource ran where, and from when to when, as the history of operations has it. */
import type { ClusterSnapshot, OperationRecord } from "../../api/cluster-snapshot.ts";

export type GuestRun = {
  readonly guest: string;
  readonly node: string;
  /** When it came to this node; undefined when the history does not say. */
  readonly fromMs: number | undefined;
  /** When it left; undefined while it is there, as far as the history goes. */
  readonly toMs: number | undefined;
};

/** Sorted as the snapshot has nodes and resources. */
export function guestRuns(snapshot: ClusterSnapshot, drbdResource: string): readonly GuestRun[] {
  const guests = (snapshot.live?.guests ?? [])
    .filter(({ drbdResources }) => drbdResources.includes(drbdResource))
    .map(({ resource }) => resource);
  return snapshot.history.flatMap(({ node, resources }) =>
    resources
      .filter(({ name }) => guests.includes(name))
      .flatMap(({ name, operations }) => {
        const run = lastRun(operations);
        return run === undefined ? [] : [{ guest: name, node, ...run }];
      }),
  );
}

function lastRun(
  operations: readonly OperationRecord[],
): Pick<GuestRun, "fromMs" | "toMs"> | undefined {
  const came = lastOf(operations, ["start", "migrate_from"]);
  const left = lastOf(operations, ["stop", "migrate_to"]);
  if (came === undefined) return undefined;
  const ended = left !== undefined && left.ms >= came.ms;
  return { fromMs: came.ms, toMs: ended ? left.ms : undefined };
}

function lastOf(
  operations: readonly OperationRecord[],
  actions: readonly string[],
): { readonly ms: number } | undefined {
  const times = operations
    .filter(({ action, rc, opStatus }) => actions.includes(action) && rc === 0 && opStatus === 0)
    .flatMap(({ lastRcChangeS }) => (lastRcChangeS === undefined ? [] : [lastRcChangeS * 1000]));
  return times.length === 0 ? undefined : { ms: Math.max(...times) };
}
