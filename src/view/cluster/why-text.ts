/** Why resources are where they are, in lines: what is so, then what would change it. */
import type { NodeWhy, ResourceWhy, WhyLine, WhyReport } from "../../api/cluster-why.ts";
import { changeSentence } from "../scheduler/change-sentence.ts";

const infinity = 1_000_000;

export function whyText(report: WhyReport): string {
  const general = report.general.flatMap((line) => whyLines(line, ""));
  const resources = report.resources.flatMap(resourceLines);
  const lines = [...general, ...(general.length > 0 ? [""] : []), ...resources];
  return lines.map((line) => `${line}\n`).join("");
}

function resourceLines(of: ResourceWhy): readonly string[] {
  const { resource, activeOn, next, lines, nodes } = of;
  const running = activeOn.length === 0 ? "is not running" : `is running on ${activeOn.join(", ")}`;
  return [
    `Resource ${resource} ${running}`,
    ...next.map((change) => `  next: ${changeSentence(change)}`),
    ...lines.flatMap((line) => whyLines(line, "  ")),
    ...nodes.flatMap((node) => nodeLines(node, activeOn.includes(node.node))),
  ];
}

function nodeLines(of: NodeWhy, isHere: boolean): readonly string[] {
  const verdict = isHere ? "runs here" : of.allowed ? "may run here" : "may not run here";
  return [
    `  ${of.node}: ${verdict}, score ${scoreText(of.score)}`,
    ...of.lines.flatMap((line) => whyLines(line, "    ")),
  ];
}

function whyLines({ text, remedy }: WhyLine, indent: string): readonly string[] {
  return remedy === "" ? [`${indent}${text}`] : [`${indent}${text}`, `${indent}  → ${remedy}`];
}

export function scoreText(score: number): string {
  if (score >= infinity) return "INFINITY";
  return score <= -infinity ? "-INFINITY" : String(score);
}
