/** What holds back the cluster as a whole. */

import type { WhyLine } from "../../api/cluster-why.ts";
import type { Cluster } from "../../core/scheduler/model/types.ts";
import type { ClusterStatus } from "../../decision/cluster-status.ts";
import type { Change } from "../../decision/transition.ts";

export function generalLines(
  cluster: Cluster,
  status: ClusterStatus,
  changes: readonly Change[],
): readonly WhyLine[] {
  const { settings } = cluster;
  const lines: WhyLine[] = [];
  if (settings.maintenance) {
    lines.push({
      text: "The cluster is in maintenance: nothing is started, stopped or recovered.",
      remedy: "crm_attribute --name maintenance-mode --delete",
    });
  }
  if (settings.stopAll) {
    lines.push({
      text: "All resources are to be stopped (stop-all-resources).",
      remedy: "crm_attribute --name stop-all-resources --delete",
    });
  }
  if (!settings.quorate) lines.push(quorumLine(settings.noQuorumPolicy));
  if (settings.fencingEnabled && !cluster.haveFencing) {
    lines.push({
      text: "Nothing is started: fencing is enabled and there is no fence device.",
      remedy:
        "Add one (class stonith), or switch fencing off and accept that two guests may run: crm_attribute --name stonith-enabled --update false",
    });
  }
  if (!settings.fencingEnabled) {
    lines.push({
      text: "Fencing is off: silence counts as death, and two guests may run.",
      remedy: "Add a fence device, then: crm_attribute --name stonith-enabled --update true",
    });
  }
  for (const node of status.nodes.filter((each) => each.unclean)) {
    const fenced = changes.some((each) => each.kind === "node" && each.node === node.name);
    if (fenced) continue;
    lines.push({
      text: `${node.name} is unclean and nothing fences it: what ran there is not started elsewhere.`,
      remedy: `If it is off: holdfast node confirm-off ${node.name} --i-have-looked`,
    });
  }
  for (const issue of cluster.issues.filter((each) => each.severity === "error")) {
    if (issue.message.startsWith("nothing is started: fencing")) continue;
    lines.push({ text: `The configuration: ${issue.message}`, remedy: "crm_verify --live-check" });
  }
  return lines;
}

function quorumLine(policy: Cluster["settings"]["noQuorumPolicy"]): WhyLine {
  const effects = {
    ignore: "the cluster goes on as if it had it (no-quorum-policy=ignore)",
    freeze: "what runs goes on, and nothing is started (no-quorum-policy=freeze)",
    stop: "everything is stopped (no-quorum-policy=stop)",
    demote: "promoted resources are demoted, everything else is stopped (no-quorum-policy=demote)",
    fence: "this part of the cluster is fenced (no-quorum-policy=fence)",
  };
  return {
    text: `There is no quorum: ${effects[policy]}.`,
    remedy: policy === "ignore" ? "" : "Bring the other node back, or look why it is not heard.",
  };
}
