/** Everything about a cluster that a person should know at once. */
import type { BlockedRow, ConfigRemark } from "../../../api/cluster-live.ts";
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
const saidElsewhere: readonly string[] = ["HF6114", "HF6100", "HF6105"];
/** What is not done, while everything that should run does. */
const warnings: readonly string[] = ["HF4410", "HF6101"];

function blockedProblems({ live, status }: ClusterSnapshot): readonly Problem[] {
  const running = new Set(
    primitivesOf(status.resources)
      .filter(({ nodes }) => nodes.length > 0)
      .map(({ name }) => name),
  );
  return (live?.blocked ?? [])
    .map((row) => ({ ...row, ...codeAndSentence(row) }))
    .filter(({ code }) => !saidElsewhere.includes(code))
    .map(({ about, sentence, remedy, code }) => {
      const isMild = warnings.includes(code) || running.has(about);
      const whole = about === "" || sentence.startsWith(about) ? sentence : `${about}: ${sentence}`;
      const text = `${whole}${code === "" ? "" : ` [${code}]`}`;
      return { severity: isMild ? "degraded" : "trouble", text, remedy };
    });
}

/** The code may stand at the sentence's end. */
function codeAndSentence({ reason, code }: BlockedRow): {
  readonly code: string;
  readonly sentence: string;
} {
  const [, bare = reason, own = ""] = /^(.*) \[(HF\d{4})\]$/.exec(reason) ?? [];
  return { code: code ?? own, sentence: withoutStop(bare) };
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
