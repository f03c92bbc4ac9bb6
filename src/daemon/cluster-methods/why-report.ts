/**
 * Why resources are where they are, why not elsewhere, why not at all: the scheduler is run on the CIB as it is, and its
 * reasons are told with what would change them.
 */
import type { NodeWhy, ResourceWhy, WhyLine, WhyReport } from "../../api/cluster-why.ts";
import { downCodes } from "../../api/down-codes.ts";
import { UserError } from "../../api/user-error.ts";
import type { WallTime } from "../../base/time.ts";
import { failCount } from "../../core/scheduler/actions/fail-count.ts";
import { configuredId } from "../../core/scheduler/model/resources.ts";
import type { Cluster, Resource } from "../../core/scheduler/model/types.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import { failedOperations } from "../../core/scheduler/report/down-cause.ts";
import { scheduleCluster, type Transition } from "../../core/scheduler/schedule.ts";
import { causeText, choiceText, exitClause } from "../../decision/reason-words.ts";
import type { NodeReason, NodeScore, ResourceReason } from "../../decision/reasons.ts";
import { formatScore, infinity } from "../../decision/score.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { generalLines } from "./why-general.ts";
import { nodeLines, nodeState } from "./why-node.ts";
import { causeRemedy, remedyOf } from "./why-remedies.ts";
import { type RuleTexts, ruleTexts, withRule } from "./why-rules.ts";

export type WhyQuestion = {
  /** A resource, a node, or what is both: a remote node and its connection. */
  readonly resource: string | undefined;
  /** Only about this node. */
  readonly node: string | undefined;
};

/** @throws UserError HF4008 or HF4009 for a resource or node that there is not. */
export function whyReport(cib: XmlElement, now: WallTime, question: WhyQuestion): WhyReport {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  const transition = scheduleCluster(cluster);
  const { reasons, changes, status } = transition;
  const rules = ruleTexts(cib);
  const all = resourceWhys({ cluster, rules }, transition, question.node);
  const general = generalLines(cluster, status, changes);
  const asked = question.resource;
  if (asked === undefined) {
    const nodes = reasons.nodes
      .filter(({ node, obstacles }) =>
        question.node === undefined ? obstacles.length > 0 : node === question.node,
      )
      .map((each) => nodeState(each, all));
    if (question.node !== undefined && nodes.length === 0) throw noNode(question.node);
    return { takenAtMs: now, general, nodes, resources: all };
  }
  if (question.node !== undefined && !reasons.nodes.some(({ node }) => node === question.node)) {
    throw noNode(question.node);
  }
  const meant = all.filter((_, i) => isMeant(primitivesOf(cluster)[i], asked));
  const nodes = reasons.nodes.filter((each) => each.node === asked);
  if (meant.length + nodes.length === 0) throw noSuch(asked, reasons.resources, reasons.nodes);
  return {
    ...{ takenAtMs: now, general, resources: meant },
    nodes: nodes.map((each) => nodeState(each, all)),
  };
}

function noNode(name: string): UserError {
  return new UserError("HF4009", `There is no node "${name}".`, { exit: 105 });
}

function noSuch(
  name: string,
  resources: readonly ResourceReason[],
  nodes: readonly NodeReason[],
): UserError {
  const listed = resources.map(({ resource }) => resource).join(", ");
  return new UserError("HF4008", `There is no resource "${name}", nor a node of that name.`, {
    exit: 105,
    remedy: `The resources are ${listed}; the nodes ${nodes.map(({ node }) => node).join(", ")}.`,
  });
}

function resourceWhys(
  { cluster, rules }: { readonly cluster: Cluster; readonly rules: RuleTexts },
  { reasons, changes }: Transition,
  onlyNode: string | undefined,
): readonly ResourceWhy[] {
  const primitives = primitivesOf(cluster);
  return reasons.resources.map((reason, i) => {
    const resource = primitives[i];
    if (resource === undefined) throw new Error("each primitive has its reason");
    const subject = { reason, resource, nodes: reasons.nodes, rules };
    const { role, activeOn, down, scores } = reason;
    return {
      ...{ resource: reason.resource, role, activeOn },
      next: changes.flatMap((each) =>
        each.kind === "resource" && each.resource === reason.resource ? [each] : [],
      ),
      because: becauseOf(subject),
      ...chosenIn(scores),
      ...(down !== undefined && { down: { cause: down.kind, code: downCodes[down.kind] } }),
      lines: promotionLines(reason),
      nodes: scores
        .filter(({ node }) => onlyNode === undefined || node === onlyNode)
        .map((score) => nodeWhy(subject, score)),
    };
  });
}

function chosenIn(scores: readonly NodeScore[]): Pick<ResourceWhy, "chosen"> {
  const found = scores.find(({ verdict }) => verdict === "chosen");
  if (found?.score === undefined) return {};
  return { chosen: { node: found.node, score: found.score } };
}

/** In the order of the reasons. */
function primitivesOf(cluster: Cluster): readonly Resource[] {
  const within = (resource: Resource): readonly Resource[] =>
    resource.children.length > 0 ? resource.children.flatMap(within) : [resource];
  return cluster.resources.flatMap(within);
}

function isMeant(resource: Resource | undefined, id: string): boolean {
  for (let each = resource; each !== undefined; each = each.parent) {
    if (each.id === id || configuredId(each) === id) return true;
  }
  return false;
}

type Subject = {
  readonly reason: ResourceReason;
  readonly resource: Resource;
  readonly nodes: readonly NodeReason[];
  readonly rules: RuleTexts;
};

function becauseOf({ reason, resource }: Subject): WhyLine {
  const { down, untouched, choice } = reason;
  const cause = down ?? untouched;
  if (cause !== undefined) {
    return { text: causeText(cause), remedy: causeRemedy(cause, configuredId(resource)) };
  }
  const text = choice === undefined ? "it is where its parts must be" : choiceText[choice];
  return { text, remedy: "" };
}

function promotionLines({ promotionScore, node }: ResourceReason): readonly WhyLine[] {
  if (promotionScore === undefined || node === undefined) return [];
  const score = `its promotion score is ${formatScore(promotionScore)}`;
  const text = promotionScore < 0 ? `${score}: below 0 nothing is promoted` : score;
  return [{ text, remedy: "" }];
}

function nodeWhy({ resource, nodes, rules }: Subject, standing: NodeScore): NodeWhy {
  const { node, verdict, score, parts } = standing;
  const id = configuredId(resource);
  const state = nodes.find((each) => each.node === node);
  const failures = failureLine(resource, node);
  const told = parts
    // The count says more.
    .filter(({ why }) => failures === undefined || !/^migration-threshold/.test(why))
    .filter(({ score: part }) => says(part, score))
    .map(({ score: part, why }) => ({
      text: `${signed(part)}: ${withRule(why, rules)}`,
      remedy: part < 0 ? unlessSaid(remedyOf(why, id, node), failures) : "",
    }));
  const lines = [
    ...(state === undefined ? [] : nodeLines(state)),
    ...(verdict === "not-open" ? optInLines(resource.cluster, id, node) : []),
    ...told,
  ];
  return {
    ...{ node, verdict },
    ...(score !== undefined && { score }),
    lines: failures === undefined ? lines : [...lines, failures],
  };
}

/** The line about the failures says it again, and when. */
function unlessSaid(remedy: string, failures: WhyLine | undefined): string {
  return failures?.remedy.endsWith(remedy) === true ? "" : remedy;
}

/** Where nothing is allowed that no constraint allows. */
function optInLines({ settings }: Cluster, id: string, node: string): readonly WhyLine[] {
  if (settings.symmetric) return [];
  const constraint = `<rsc_location id="allow-${id}-on-${node}" rsc="${id}" node="${node}" score="0"/>`;
  return [
    {
      text: "The cluster is opt-in (symmetric-cluster=false), and no location constraint allows it there.",
      remedy: `cibadmin --create --scope constraints --xml-text '${constraint}'`,
    },
  ];
}

/** Against -INFINITY nothing else counts; a ban that is not in the score is about the role. */
function says(part: number, score: number | undefined): boolean {
  if (score !== undefined && score <= -infinity) return part <= -infinity;
  return part > -infinity;
}

function failureLine(resource: Resource, name: string): WhyLine | undefined {
  const node = resource.cluster.nodes.find((each) => each.name === name);
  if (node === undefined) return undefined;
  const { count } = failCount(resource, node, { effective: true });
  if (count === 0) return undefined;
  const limit = resource.migrationThreshold;
  const times = count >= infinity ? "for good" : count === 1 ? "once" : `${count} times`;
  const leaves =
    limit >= infinity ? "" : `, and after ${limit} it may not run there (migration-threshold)`;
  const [last] = failedOperations(resource)
    .filter((each) => each.node === name)
    .slice(-1);
  const how = last === undefined ? "" : ` (${last.operation}, ${exitClause(last)})`;
  return {
    text: `It failed there ${times}${how}${leaves}.`,
    remedy: `Mend the cause, then: crm_resource --cleanup --resource ${configuredId(resource)} --node ${name}`,
  };
}

function signed(score: number): string {
  return score > 0 && score < infinity ? `+${score}` : formatScore(score);
}
