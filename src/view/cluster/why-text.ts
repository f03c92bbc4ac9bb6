/** Why resources are where they are, in lines: what is so, then what would change it. */
import type { NodeState, NodeWhy, ResourceWhy, WhyLine, WhyReport } from "../../api/cluster-why.ts";
import { obstacleText } from "../../decision/reason-words.ts";
import { formatScore } from "../../decision/score.ts";
import { changeSentence } from "../scheduler/change-sentence.ts";

/** Of one resource or node, all of it. */
export function whyText(report: WhyReport): string {
  const told = report.resources.flatMap((each) => resourceLines(each));
  return text([generalSection(report), report.nodes.flatMap(nodeLines), told]);
}

/** Of the whole cluster: first in full what changes or is not as it should be, then what is well in a line each. */
export function whyOverview(report: WhyReport): string {
  const well = report.resources
    .filter(isWell)
    .map((each) => `${headline(each)}: ${each.because.text}`);
  const others = report.resources.filter((each) => !isWell(each)).flatMap(resourceLines);
  return text([generalSection(report), report.nodes.flatMap(nodeLines), others, well]);
}

function text(sections: readonly (readonly string[])[]): string {
  const filled = sections.filter((each) => each.length > 0);
  return filled.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

function generalSection({ general }: WhyReport): readonly string[] {
  return general.flatMap((line) => whyLines(line, ""));
}

/** It stays where it is, and that is meant. */
function isWell({ next, down }: ResourceWhy): boolean {
  const isMeant = down === undefined || wanted.has(down.cause) || down.cause === "surplus-instance";
  return next.length === 0 && isMeant;
}

function nodeLines({ node, obstacles, lines, runs, comes, leaves }: NodeState): readonly string[] {
  const can = obstacles.map((each) => obstacleText[each]).join(", ");
  const list = (names: readonly string[], title: string): readonly string[] =>
    names.length === 0 ? [] : [`  ${title}: ${names.join(", ")}`];
  const title = can === "" ? `${node} can run resources` : `${node} is ${can}`;
  return [
    title,
    // What says no more than the title is not said twice.
    ...lines
      .filter(({ text, remedy }) => text !== `${title}.` || remedy !== "")
      .flatMap((line) => whyLines(line, "  ")),
    ...(runs.length === 0 ? ["  runs nothing"] : list(runs, "runs")),
    ...list(comes, "next to come"),
    ...list(leaves, "next to leave"),
  ];
}

function resourceLines(of: ResourceWhy): readonly string[] {
  const { next, lines, because, down } = of;
  const code = down === undefined ? "" : ` [${down.code}]`;
  return [
    headline(of),
    ...next.map((change) => `  next: ${changeSentence(change)}`),
    ...whyLines({ ...because, text: `why: ${because.text}${code}` }, "  "),
    ...lines.flatMap((line) => whyLines(line, "  ")),
    ...(isNowhereMeant(of) ? [] : placeLines(of)),
  ];
}

/** No node was looked for: what one would be worth says nothing. */
function isNowhereMeant({ down, nodes }: ResourceWhy): boolean {
  return down !== undefined && (wanted.has(down.cause) || nodes.every(isUntold));
}

const wanted: ReadonlySet<string> = new Set(["removed", "disabled", "stop-all-resources"]);

function isUntold({ verdict, lines }: NodeWhy): boolean {
  return verdict === "unasked" && lines.length === 0;
}

function headline({ resource, role, activeOn, next, down }: ResourceWhy): string {
  const stays = next.length === 0;
  const on = activeOn.join(" and ");
  if (on === "") return `${resource} is stopped${stays ? ", and stays so" : ""}`;
  if (down !== undefined && stays)
    return `${resource} may still run on ${on}, and is left as it is`;
  const does = role === "Promoted" || role === "Unpromoted" ? `is ${role.toLowerCase()}` : "runs";
  return `${resource} ${does} on ${on}${stays ? ", and stays there" : ""}`;
}

/** Nodes of which the same is to be said stand together. */
function placeLines(resource: ResourceWhy): readonly string[] {
  const nodesByText = new Map<string, string[]>();
  for (const of of resource.nodes) {
    const lines = of.lines.flatMap((line) => whyLines(line, "    "));
    const said = [verdictText(of, resource), ...lines].join("\n");
    nodesByText.set(said, [...(nodesByText.get(said) ?? []), of.node]);
  }
  return [...nodesByText].map(([said, nodes]) => `  ${nodes.join(", ")}: ${said}`);
}

function verdictText({ node, verdict, score }: NodeWhy, resource: ResourceWhy): string {
  const isHere = resource.activeOn.includes(node);
  const scored = score === undefined ? "" : `, score ${formatScore(score)}`;
  switch (verdict) {
    case "chosen":
      return `${isHere ? "here" : "goes here"}${scored}`;
    case "obstacle":
      return `${isHere ? "here, but it" : "not now: the node"} cannot run it`;
    case "banned":
      return `${isHere ? "here, but may not be" : "may not run here"}${scored}`;
    case "not-open":
      return `${isHere ? "here, but may not be" : "may not run here"}: nothing allows it`;
    case "unasked":
      return `${isHere ? "here" : "not looked at"}${scored}`;
    case "second":
      return `${secondText(score ?? 0, resource)}${scored}`;
  }
}

/** Among equals the reason of the choice says why. */
function secondText(score: number, { chosen }: ResourceWhy): string {
  if (chosen === undefined || chosen.score < score) return "could run here";
  if (chosen.score === score) return "as good";
  return `could run here, but ${chosen.node} has ${formatScore(chosen.score)}`;
}

function whyLines({ text, remedy }: WhyLine, indent: string): readonly string[] {
  return remedy === "" ? [`${indent}${text}`] : [`${indent}${text}`, `${indent}  → ${remedy}`];
}
