/** What the cluster fenced, tried to fence, or is about to. */
import type { FencingRow } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { MonOptions } from "./mon-options.ts";
import { isMeant } from "./node-list.ts";

export type FencingLists = {
  readonly failed: readonly string[];
  readonly history: readonly string[];
  readonly pending: readonly string[];
};

export function fencingSections(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): FencingLists {
  const { fenceHistory: level } = options;
  if (level === 0 || snapshot.live === undefined || !options.sections.has("fencing")) {
    return { failed: [], history: [], pending: [] };
  }
  const shown = shownFencing(snapshot, options);
  const isOpen = ({ state }: FencingRow): boolean => state === "waiting" || state === "running";
  const hasFailed = ({ state }: FencingRow): boolean => state === "failed" || state === "refused";
  return {
    failed: shown.filter(hasFailed).map((row) => rowText(row, times)),
    history:
      level < 2
        ? []
        : shown.filter(({ state }) => state === "done").map((row) => rowText(row, times)),
    pending: shown.filter(isOpen).map((row) => rowText(row, times)),
  };
}

/** Newest first; undefined live: nothing is known. */
export function shownFencing(
  { live }: ClusterSnapshot,
  options: MonOptions,
): readonly FencingRow[] {
  const rows = (live?.fencing.history ?? [])
    .filter(({ target }) => isMeant(target, options.onlyNode))
    .toReversed();
  return options.fenceHistory >= 3 ? rows : latestOfEach(rows);
}

/** The newest first comes in: for each target, action and outcome only that one stays. */
function latestOfEach(rows: readonly FencingRow[]): readonly FencingRow[] {
  const seen = new Set<string>();
  return rows.filter(({ target, action, state }) => {
    const key = `${target} ${action} ${state}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function rowText(row: FencingRow, times: TimeTexts): string {
  const { action, target, state, origin, device, why } = row;
  const by = device === undefined ? "" : ` with ${device}`;
  const because = why === undefined || why === "" ? "" : ` (${why})`;
  const when = times.full(row.endedMs ?? row.beganMs);
  switch (state) {
    case "done":
      return `${action} of ${target} successful${by}: asked by ${origin}, completed at ${when}`;
    case "failed":
      return `${action} of ${target} failed${because}${by}: asked by ${origin}, last tried at ${when}`;
    case "refused":
      return `${action} of ${target} refused${because}: asked by ${origin} at ${when}`;
    case "running":
      return `${action} of ${target} pending${by}: asked by ${origin} at ${when}`;
    case "waiting":
      return `${action} of ${target} waiting${because}: asked by ${origin} at ${when}`;
  }
}
