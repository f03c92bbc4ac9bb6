/**
 * What holds of every cluster that has nothing to do: the scheduler, asked again, still finds nothing; and what is down
 * although nobody asked for it has its reason, which `holdfast why` tells.
 */

import { reachableGraph } from "../../../src/core/controller/reachable-graph.ts";
import { scheduleInput } from "../../../src/core/controller/schedule-input.ts";
import { clusterScheduler } from "../../../src/core/node/cluster-scheduler.ts";
import type { NodeStatus } from "../../../src/core/node/node-status.ts";
import { doesNothing } from "../../../src/decision/idle-graph.ts";
import type { DownCause } from "../../../src/decision/reasons.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { SimHost } from "../world/sim-host.ts";
import { decidingHosts, whyOf } from "./conditions.ts";
import type { Story } from "./story.ts";

/** @returns what does not hold, one sentence each. */
export function brokenWhenSettled(story: Story): readonly string[] {
  return decidingHosts(story).flatMap((host) => {
    const { daemon } = host;
    const status = daemon?.status();
    if (daemon === undefined || status?.controller?.idle !== true) return [];
    return [...stillToDo(host, daemon.cib, status), ...unexplained(story, host, status)];
  });
}

function stillToDo(host: SimHost, cib: XmlElement, status: NodeStatus): readonly string[] {
  const members = status.controller?.members ?? [];
  const held = new Set(
    members.flatMap(({ name, state }) => (state === "pending" || state === "silent" ? [name] : [])),
  );
  const readiness = new Map(
    members.flatMap((each) => (each.state === "joined" ? [[each.name, each.readiness]] : [])),
  );
  const input = scheduleInput(cib, { readiness, held });
  const nowS = Math.trunc(host.wallNow() / 1000);
  const { graph } = clusterScheduler({ cib: input.cib, nowS });
  const reachable = reachableGraph(graph, held);
  const heldBack = status.controller?.blocked.map(({ about }) => about) ?? [];
  const isSaid = reachable.synapses.every(
    ({ action: { key, kind, node } }) =>
      kind === "pseudo" || heldBack.includes(key) || heldBack.includes(`${key} on ${node?.name}`),
  );
  if (doesNothing(reachable) || isSaid) return [];
  const actions = reachable.synapses.map(({ action }) => `${action.key} on ${action.node?.name}`);
  return [`${host.name} has nothing to do, and then it has: ${actions.join(", ")}`];
}

function unexplained(story: Story, host: SimHost, status: NodeStatus): readonly string[] {
  const down = (status.controller?.reasons?.resources ?? []).filter(
    ({ down: cause }) => cause !== undefined && !isMeant(cause),
  );
  const report = whyOf(story, host.daemon);
  return down.flatMap(({ resource, down: cause }) => {
    if (cause?.kind === "other") return [`${host.name} does not know why ${resource} is down`];
    const why = report?.resources.find((each) => each.resource === resource);
    if (report === undefined || why === undefined) return [];
    const said = [...why.lines, ...why.nodes.flatMap(({ lines }) => lines), ...report.general];
    return said.length > 0 ? [] : [`why ${resource} is down is not said on ${host.name}`];
  });
}

function isMeant({ kind }: DownCause): boolean {
  return kind === "disabled" || kind === "removed" || kind === "surplus-instance";
}
