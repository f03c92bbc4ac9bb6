/** Everything about a cluster that a person should know at once. */
import type { ConfigRemark } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { primitivesOf } from "../resource-queries.ts";
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

/** What these say stands in the section on fencing, or with the nodes. */
const saidElsewhere: readonly string[] = ["HF6114", "HF6100"];
/** What is not done, while everything that should run does. */
const warnings: readonly string[] = ["HF4410", "HF6101"];

function blockedProblems({ live, status }: ClusterSnapshot): readonly Problem[] {
  const running = new Set(
    primitivesOf(status.resources)
      .filter(({ nodes }) => nodes.length > 0)
      .map(({ name }) => name),
  );
  return (live?.blocked ?? [])
    .filter(({ code = "" }) => !saidElsewhere.includes(code))
    .map(({ about, reason, remedy, code }) => {
      const isMild = warnings.includes(code ?? "") || running.has(about);
      const sentence = about === "" || reason.startsWith(about) ? reason : `${about}: ${reason}`;
      const text = `${withoutStop(sentence)}${code === undefined ? "" : ` [${code}]`}`;
      return { severity: isMild ? "degraded" : "trouble", text, remedy };
    });
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
