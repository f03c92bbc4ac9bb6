/** Everything about a cluster that a person should know at once. */
import type { ConfigRemark } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { diskProblems } from "./disk-problems.ts";
import { fencingProblems } from "./fencing-problems.ts";
import { nodeProblems } from "./node-problems.ts";
import { bySeverity, type Problem } from "./problem.ts";
import { resourceProblems } from "./resource-problems.ts";

/** The worst first. */
export function clusterProblems(snapshot: ClusterSnapshot): readonly Problem[] {
  const { live } = snapshot;
  return bySeverity([
    ...nodeProblems(snapshot),
    ...fencingProblems(snapshot),
    ...blockedProblems(snapshot),
    ...resourceProblems(snapshot),
    ...diskProblems(live?.disks ?? []),
    ...configProblems(live?.configRemarks ?? []),
  ]);
}

function blockedProblems({ live }: ClusterSnapshot): readonly Problem[] {
  return (live?.blocked ?? []).map(({ about, reason, remedy }) => ({
    severity: "trouble",
    text: reason.startsWith(about) ? withoutStop(reason) : `${about}: ${withoutStop(reason)}`,
    remedy,
  }));
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function configProblems(remarks: readonly ConfigRemark[]): readonly Problem[] {
  const warnings = remarks.filter(({ severity }) => severity === "warning").length;
  if (warnings === 0) return [];
  const text = `the configuration files deserve ${warnings === 1 ? "a look" : `${warnings} looks`}`;
  return [{ severity: "note", text, remedy: "holdfast check" }];
}
