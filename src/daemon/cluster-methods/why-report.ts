/**
 * Why resources are where they are, why not elsewhere, why not at all: the scheduler is run on the CIB as it is, and what
 * it noted while it decided is told with what would change it.
 */
import type { NodeWhy, ResourceWhy, WhyLine, WhyReport } from "../../api/cluster-why.ts";
import { UserError } from "../../api/user-error.ts";
import type { WallTime } from "../../base/time.ts";
import { failCount } from "../../core/scheduler/actions/fail-count.ts";
import { configuredId } from "../../core/scheduler/model/resources.ts";
import type { Cluster, ClusterNode, Resource } from "../../core/scheduler/model/types.ts";
import { plan, readCluster } from "../../core/scheduler/plan.ts";
import { clusterStatus } from "../../core/scheduler/report/cluster-status.ts";
import { planChanges } from "../../core/scheduler/report/plan-changes.ts";
import { role, roleName } from "../../core/scheduler/values/role.ts";
import type { ResourceChange } from "../../decision/transition.ts";
import { infinity } from "../../formats/cib/score.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { generalLines } from "./why-general.ts";
import { remedyOf } from "./why-remedies.ts";

export type WhyQuestion = {
  readonly resource: string | undefined;
  readonly node: string | undefined;
};

/** @throws UserError HF4008 or HF4009 for a resource or node that there is not. */
export function whyReport(cib: XmlElement, now: WallTime, question: WhyQuestion): WhyReport {
  const input = { cib, now: Math.floor(now / 1000), sanitized: true };
  const status = clusterStatus(readCluster(input), { pending: true });
  const { cluster } = plan(input);
  const changes = planChanges(cluster);
  const primitives = cluster.resources.flatMap(primitivesIn);
  const meant = primitives.filter(
    (each) => question.resource === undefined || isMeant(each, question.resource),
  );
  if (question.resource !== undefined && meant.length === 0) {
    throw new UserError("HF4008", `There is no resource "${question.resource}".`, {
      exit: 105,
      remedy: `The resources are ${primitives.map((each) => each.id).join(", ")}.`,
    });
  }
  if (question.node !== undefined && !cluster.nodes.some((node) => node.name === question.node)) {
    throw new UserError("HF4009", `There is no node "${question.node}".`, { exit: 105 });
  }
  return {
    takenAtMs: now,
    general: generalLines(cluster, status, changes),
    resources: meant.map((resource) =>
      resourceWhy(
        { cluster, resource },
        changes.flatMap((each) =>
          each.kind === "resource" && each.resource === resource.id ? [each] : [],
        ),
        question.node,
      ),
    ),
  };
}

function primitivesIn(resource: Resource): readonly Resource[] {
  if (resource.variant === "primitive") return [resource];
  return resource.children.flatMap(primitivesIn);
}

function isMeant(resource: Resource, id: string): boolean {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    if (each.id === id || configuredId(each) === id) return true;
  }
  return false;
}

type Subject = { readonly cluster: Cluster; readonly resource: Resource };

function resourceWhy(
  subject: Subject,
  changes: readonly ResourceChange[],
  onlyNode: string | undefined,
): ResourceWhy {
  const { cluster, resource } = subject;
  return {
    resource: resource.id,
    role: roleName(resource.role),
    activeOn: resource.active.map((node) => node.name),
    next: changes,
    lines: wholeLines(subject),
    nodes: cluster.nodes
      .filter((node) => onlyNode === undefined || node.name === onlyNode)
      .map((node) => nodeWhy(subject, node)),
  };
}

function wholeLines({ cluster, resource }: Subject): readonly WhyLine[] {
  const lines: WhyLine[] = [];
  const id = configuredId(resource);
  const target = resource.meta.get("target-role");
  if (target?.toLowerCase() === "stopped") {
    lines.push({
      text: "It is to be stopped: target-role is Stopped.",
      remedy: `crm_resource --resource ${id} --meta --set-parameter target-role --parameter-value Started`,
    });
  }
  if (!resource.managed) {
    lines.push({
      text: "The cluster does not touch it: it is not managed.",
      remedy: `crm_resource --resource ${id} --meta --delete-parameter is-managed`,
    });
  }
  if (resource.blocked) {
    lines.push({
      text: "It is blocked: a stop failed, or it is active on several nodes, and the cluster can't tell what runs.",
      remedy: `Look on the nodes, then: crm_resource --cleanup --resource ${id}`,
    });
  }
  if (resource.role === role.stopped && resource.assigned === undefined && lines.length === 0) {
    const none = [...resource.allowed.values()].every(({ score }) => score < 0);
    if (none) lines.push({ text: "No node may run it.", remedy: "" });
  }
  void cluster;
  return lines;
}

function nodeWhy({ cluster, resource }: Subject, node: ClusterNode): NodeWhy {
  const score = scoreOn(cluster, resource, node);
  const usable = node.online && !node.unclean && !node.pending && !node.standby;
  const lines = [...nodeLines(node)];
  const seen = new Set<string>();
  for (const each of cluster.notes) {
    if (each.resource !== resource || each.node !== node || seen.has(each.why)) continue;
    seen.add(each.why);
    lines.push({
      text: `${scoreText(each.score)}: ${each.why}`,
      remedy: each.score < 0 ? remedyOf(each.why, configuredId(resource), node.name) : "",
    });
  }
  const failed = failCount(resource, node, { effective: true });
  if (failed.count > 0) {
    const limit = resource.migrationThreshold;
    const of = limit >= infinity ? "" : ` of ${limit} after which it leaves`;
    lines.push({
      text: `It failed there ${failed.count >= infinity ? "for good" : `${failed.count} times${of}`}.`,
      remedy: `crm_resource --cleanup --resource ${configuredId(resource)} --node ${node.name}`,
    });
  }
  return { node: node.name, allowed: usable && score >= 0, score, lines };
}

function nodeLines(node: ClusterNode): readonly WhyLine[] {
  const name = node.name;
  if (node.unclean) {
    return [
      {
        text: `${name} is unclean: ${node.whyUnclean ?? "lost, and not known to be off"}.`,
        remedy: `If it is off: holdfast node confirm-off ${name} --i-have-looked`,
      },
    ];
  }
  if (node.pending) return [{ text: `${name} has not joined yet.`, remedy: "" }];
  if (!node.online) return [{ text: `${name} is offline.`, remedy: "" }];
  if (node.standbyByFailure)
    return [{ text: `${name} is in standby after a failure.`, remedy: "crm_resource --cleanup" }];
  if (node.standby)
    return [{ text: `${name} is in standby.`, remedy: `crm_standby --node ${name} --delete` }];
  if (node.maintenance) return [{ text: `${name} is in maintenance.`, remedy: "" }];
  return [];
}

/** The score with which the placement decided; where it did not get that far, what was left. */
function scoreOn(cluster: Cluster, resource: Resource, node: ClusterNode): number {
  const line = cluster.scores.findLast(
    (each) =>
      each.kind === "allocation" && each.resource === resource.id && each.node === node.name,
  );
  return line?.score ?? resource.allowed.get(node.id)?.score ?? -infinity;
}

function scoreText(score: number): string {
  if (score >= infinity) return "INFINITY";
  if (score <= -infinity) return "-INFINITY";
  return score > 0 ? `+${score}` : String(score);
}
