/** The first line of `holdfast status`: how it is, in one sentence. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { primitivesOf } from "../resource-queries.ts";
import type { Tone } from "./paint.ts";
import type { Problem, Severity } from "./problem.ts";

export type Health = {
  readonly state: "healthy" | Exclude<Severity, "note">;
  readonly sentence: string;
  readonly tone: Tone;
};

const tones = { healthy: "good", working: "warn", degraded: "warn", trouble: "bad" } as const;

/** @param problems sorted, the worst first. */
export function healthOf(snapshot: ClusterSnapshot, problems: readonly Problem[]): Health {
  const [worst] = problems;
  const state = worst === undefined || worst.severity === "note" ? "healthy" : worst.severity;
  const tone = tones[state];
  if (worst === undefined || state === "healthy") {
    return { state, sentence: allWell(snapshot), tone };
  }
  const more = problems.filter(({ severity }) => severity === worst.severity).length - 1;
  const others = more === 0 ? "" : ` (${more} more below)`;
  return { state, sentence: `${worst.text}${others}`, tone };
}

function allWell(snapshot: ClusterSnapshot): string {
  const online = snapshot.status.nodes.filter((node) => node.online).length;
  const running = primitivesOf(snapshot.status.resources).filter(({ nodes }) => nodes.length > 0);
  const disks = snapshot.live?.disks.length ?? 0;
  return [
    `${online} ${online === 1 ? "node" : "nodes"} online`,
    `${running.length} ${running.length === 1 ? "resource" : "resources"} running`,
    ...(disks === 0
      ? []
      : [`${disks === 1 ? "the disk has" : `all ${disks} disks have`} two good copies`]),
  ].join(", ");
}
