/** `crm_mon --output-as=xml`: what exporters read, in the form of Pacemaker 2.1's tools (API 2.25). */
import type {
  ClusterSnapshot,
  NodeHistory,
  OperationRecord,
} from "../../../api/cluster-snapshot.ts";
import { exitText } from "../../scheduler/exit-text.ts";
import { executionText } from "../execution-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import { type XmlText, xmlText } from "../xml-text.ts";
import type { MonOptions } from "./mon-options.ts";
import { resourceXml } from "./resource-xml.ts";

const apiVersion = "2.25";

export function monXml(snapshot: ClusterSnapshot, options: MonOptions, times: TimeTexts): string {
  const children = [
    summary(snapshot, times),
    nodes(snapshot),
    {
      name: "resources",
      attributes: {},
      children: snapshot.status.resources.map((each) => resourceXml(snapshot, each)),
    },
    attributes(snapshot),
    history(snapshot.history, times),
    failures(snapshot, times),
    fenceHistory(snapshot, times),
    bans(snapshot, options),
    { name: "status", attributes: { code: 0, message: "OK" } },
  ].filter((each) => each !== undefined);
  const result: XmlText = {
    name: "pacemaker-result",
    attributes: { "api-version": apiVersion, request: "crm_mon --output-as=xml" },
    children,
  };
  return xmlText(result);
}

function summary(snapshot: ClusterSnapshot, times: TimeTexts): XmlText {
  const { summary: of, status } = snapshot;
  const { lastChange, options, dc } = of;
  return {
    name: "summary",
    attributes: {},
    children: [
      { name: "stack", attributes: { type: of.stack } },
      {
        name: "current_dc",
        attributes: {
          present: dc !== undefined,
          ...(dc && {
            version: of.dcVersion ?? "",
            name: dc.name,
            id: dc.id,
            with_quorum: of.quorate,
            mixed_version: of.mixedVersion,
          }),
        },
      },
      { name: "last_update", attributes: { time: times.full(snapshot.takenAtMs) } },
      {
        name: "last_change",
        attributes: {
          time: lastChange.written ?? "",
          user: lastChange.user ?? "",
          client: lastChange.client ?? "",
          origin: lastChange.origin ?? "",
        },
      },
      { name: "nodes_configured", attributes: { number: status.nodes.length } },
      {
        name: "resources_configured",
        attributes: {
          number: status.instances,
          disabled: status.disabled,
          blocked: status.blocked,
        },
      },
      {
        name: "cluster_options",
        attributes: {
          "stonith-enabled": options.fencingEnabled,
          "symmetric-cluster": options.symmetric,
          "no-quorum-policy":
            options.noQuorumPolicy === "fence" ? "suicide" : options.noQuorumPolicy,
          "maintenance-mode": status.maintenance,
          "stop-all-resources": status.stopAll,
        },
      },
    ],
  };
}

function nodes(snapshot: ClusterSnapshot): XmlText {
  const { status, summary: of } = snapshot;
  const children = status.nodes.map((node): XmlText => {
    const detail = snapshot.nodes.find((each) => each.name === node.name);
    return {
      name: "node",
      attributes: {
        name: node.name,
        id: detail?.id ?? node.name,
        online: node.online,
        standby: node.standby !== "no",
        standby_onfail: node.standby === "on-fail",
        maintenance: node.maintenance,
        pending: node.pending,
        unclean: node.unclean,
        health: node.health,
        feature_set: detail?.featureSet ?? (node.online ? "<3.15.1" : undefined),
        is_dc: of.dc?.name === node.name,
        resources_running: detail?.running.length ?? 0,
        type: node.kind,
      },
    };
  });
  return { name: "nodes", attributes: {}, children };
}

function attributes(snapshot: ClusterSnapshot): XmlText | undefined {
  const children = snapshot.nodes
    .filter((node) => node.attributes.length > 0)
    .map(
      (node): XmlText => ({
        name: "node",
        attributes: { name: node.name },
        children: node.attributes.map(({ name, value, expected }) => ({
          name: "attribute",
          attributes: { name, value, expected },
        })),
      }),
    );
  return children.length === 0 ? undefined : { name: "node_attributes", attributes: {}, children };
}

function history(all: readonly NodeHistory[], times: TimeTexts): XmlText | undefined {
  const children = all.map(
    ({ node, resources }): XmlText => ({
      name: "node",
      attributes: { name: node },
      children: resources
        .filter(({ operations }) => operations.length > 0)
        .map((each) => ({
          name: "resource_history",
          attributes: {
            id: each.name,
            orphan: !each.known,
            "migration-threshold": each.migrationThreshold,
            "fail-count": each.failCount > 0 ? each.failCount : undefined,
            "last-failure":
              each.lastFailureS > 0 ? times.full(each.lastFailureS * 1000) : undefined,
          },
          children: each.operations.map((operation) => operationXml(operation, times)),
        })),
    }),
  );
  return children.length === 0 ? undefined : { name: "node_history", attributes: {}, children };
}

function operationXml(operation: OperationRecord, times: TimeTexts): XmlText {
  const { callId, action, intervalMs, rc, lastRcChangeS, execMs, queueMs } = operation;
  return {
    name: "operation_history",
    attributes: {
      call: callId,
      task: action === "monitor" && intervalMs === 0 ? "probe" : action,
      rc,
      rc_text: exitText(rc),
      interval: intervalMs > 0 ? `${intervalMs}ms` : undefined,
      "last-rc-change": lastRcChangeS === undefined ? undefined : times.full(lastRcChangeS * 1000),
      "exec-time": execMs === undefined ? undefined : `${execMs}ms`,
      "queue-time": queueMs === undefined ? undefined : `${queueMs}ms`,
    },
  };
}

function failures(snapshot: ClusterSnapshot, times: TimeTexts): XmlText | undefined {
  if (snapshot.failures.length === 0) return undefined;
  const children = snapshot.failures.map(
    (each): XmlText => ({
      name: "failure",
      attributes: {
        op_key: each.key,
        node: each.node,
        exitstatus: exitText(each.rc),
        exitreason: each.exitReason,
        exitcode: each.rc,
        call: each.callId,
        status: executionText(each.opStatus),
        "last-rc-change":
          each.lastRcChangeS === undefined ? undefined : times.full(each.lastRcChangeS * 1000),
        queued: each.queueMs,
        exec: each.execMs,
        interval: each.intervalMs,
        task: each.action,
      },
    }),
  );
  return { name: "failures", attributes: {}, children };
}

function fenceHistory({ live }: ClusterSnapshot, times: TimeTexts): XmlText | undefined {
  if (live === undefined) return undefined;
  const children = live.fencing.history.map(
    (row): XmlText => ({
      name: "fence_event",
      attributes: {
        target: row.target,
        action: row.action,
        state: row.state,
        origin: row.origin,
        device: row.device,
        began: times.full(row.beganMs),
        completed: row.endedMs === undefined ? undefined : times.full(row.endedMs),
        "exit-reason": row.why,
      },
    }),
  );
  return { name: "fence_history", attributes: {}, children };
}

function bans(snapshot: ClusterSnapshot, { banPrefix }: MonOptions): XmlText | undefined {
  const children = snapshot.locations
    .filter(({ score, id }) => score < 0 && id.startsWith(banPrefix))
    .map(
      (each): XmlText => ({
        name: "ban",
        attributes: {
          id: each.id,
          resource: each.resource,
          node: each.node,
          weight: each.score,
          "promoted-only": each.role === "Promoted",
        },
      }),
    );
  return children.length === 0 ? undefined : { name: "bans", attributes: {}, children };
}
