/** What is meant to run and will not, a line each with its cause. */
import { downCodes } from "../../api/down-codes.ts";
import { causeText, obstacleText } from "../../decision/reason-words.ts";
import type { DownCause, NodeScore, Reasons, ResourceReason } from "../../decision/reasons.ts";
import { infinity } from "../../decision/score.ts";

const meant: ReadonlySet<DownCause["kind"]> = new Set(["removed", "disabled", "surplus-instance"]);

/** More differences between nodes than that say less. */
const groupsNamed = 4;

export function downLines(reasons: Reasons): readonly string[] {
  return reasons.resources.flatMap((reason) => {
    const { resource, down } = reason;
    if (down === undefined || meant.has(down.kind)) return [];
    const nodes = down.kind === "no-node" ? nodesText(reason, reasons) : "";
    return [`${resource}: ${causeText(down)}${nodes} [${downCodes[down.kind]}]`];
  });
}

/** What speaks against each node: " (xen1: offline; xen2, xen3: ticket office was lost)". */
function nodesText({ scores }: ResourceReason, reasons: Reasons): string {
  const byText = new Map<string, string[]>();
  for (const each of scores) {
    const text = againstText(each, reasons);
    if (text !== "") byText.set(text, [...(byText.get(text) ?? []), each.node]);
  }
  if (byText.size === 0 || byText.size > groupsNamed) return "";
  const groups = [...byText].map(([text, nodes]) => `${nodes.join(", ")}: ${text}`);
  return ` (${groups.join("; ")})`;
}

function againstText({ node, verdict, parts }: NodeScore, { nodes }: Reasons): string {
  if (verdict === "obstacle") {
    const obstacles = nodes.find((each) => each.node === node)?.obstacles ?? [];
    return obstacles.map((each) => obstacleText[each]).join(", ");
  }
  if (verdict !== "banned") return "";
  // Against -INFINITY nothing else counts.
  const bans = parts.filter(({ score }) => score <= -infinity);
  const told = bans.length > 0 ? bans : parts.filter(({ score }) => score < 0);
  return told.map(({ why }) => why).join(", ");
}
