/** Node attributes, failed actions, bans. */
import type {
  ClusterSnapshot,
  FailedAction,
  NodeAttribute,
  TicketNote,
} from "../../../api/cluster-snapshot.ts";
import { exitText } from "../../scheduler/exit-text.ts";
import type { ListItem } from "../../scheduler/list-text.ts";
import { executionText } from "../execution-text.ts";
import { intervalText, type TimeTexts } from "../time-texts.ts";
import type { MonOptions } from "./mon-options.ts";
import { detailOf, isMeant, isMeantResource, shownName } from "./node-list.ts";

export function attributeItems(
  snapshot: ClusterSnapshot,
  options: MonOptions,
): readonly ListItem[] {
  const online = new Set(snapshot.status.nodes.flatMap((node) => (node.online ? node.name : [])));
  return snapshot.nodes
    .filter(({ name, attributes }) => online.has(name) && attributes.length > 0)
    .filter(({ name }) => isMeant(name, options.onlyNode))
    .map((node) => ({
      title: `Node: ${shownName(node, node.name, options.detail)}`,
      items: node.attributes.map(attributeText),
    }));
}

function attributeText({ name, value, expected }: NodeAttribute): string {
  const text = `${name.padEnd(32)}\t: ${value.padEnd(10)}`;
  if (expected === undefined) return text;
  const score = Number.parseInt(value, 10) || 0;
  if (score <= 0) return `${text}\t: Connectivity is lost`;
  return score < expected ? `${text}\t: Connectivity is degraded (Expected=${expected})` : text;
}

export function failureItems(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): readonly string[] {
  return snapshot.failures
    .filter(({ node }) => isMeant(node, options.onlyNode))
    .filter(({ resource }) => isMeantResource(resource ?? "", options.onlyResource))
    .map((each) => (options.detail ? technicalText(each, times) : failureText(each, times)));
}

function failureText(failed: FailedAction, times: TimeTexts): string {
  const { resource, node, rc, opStatus, exitReason, lastRcChangeS, execMs } = failed;
  const interval = failed.intervalMs > 0 ? `${intervalText(failed.intervalMs)}-interval ` : "";
  const action = failed.keyAction ?? failed.action;
  const isProbe = action === "monitor" && failed.intervalMs === 0;
  const what = `${resource ?? "unknown resource"} ${interval}${isProbe ? "probe" : action} on ${node}`;
  const reason = exitReason === "" ? "" : exitReason;
  const outcome =
    opStatus === 0
      ? `returned '${exitText(rc)}'${reason === "" ? "" : ` (${reason})`}`
      : `could not be executed (${executionText(opStatus)}${reason === "" ? "" : `: ${reason}`})`;
  const at = lastRcChangeS === undefined ? "" : ` at ${times.full(lastRcChangeS * 1000)}`;
  const took = Number(execMs ?? 0);
  return `${what} ${outcome}${at}${took > 0 ? ` after ${intervalText(took)}` : ""}`;
}

function technicalText(failed: FailedAction, times: TimeTexts): string {
  const { key, node, rc, callId, opStatus, exitReason, lastRcChangeS, queueMs, execMs } = failed;
  const parts = [
    `${key} on ${node} '${exitText(rc)}' (${rc}): call=${callId === "" ? "unknown" : callId}`,
    `status='${executionText(opStatus)}'`,
    ...(exitReason === "" ? [] : [`exitreason='${exitReason}'`]),
    ...(lastRcChangeS === undefined
      ? []
      : [`last-rc-change='${times.full(lastRcChangeS * 1000)}'`]),
    ...(queueMs === undefined ? [] : [`queued=${queueMs}ms`]),
    ...(execMs === undefined ? [] : [`exec=${execMs}ms`]),
  ];
  return parts.join(", ");
}

export function ticketText(ticket: TicketNote, times: TimeTexts): string {
  const { id, granted, standby, lastGrantedS } = ticket;
  const last =
    lastGrantedS === undefined ? "" : ` last-granted="${times.full(lastGrantedS * 1000)}"`;
  return `${id}: ${granted ? "granted" : "revoked"}${standby ? " [standby]" : ""}${last}`;
}

export function banItems(snapshot: ClusterSnapshot, options: MonOptions): readonly string[] {
  return snapshot.locations
    .filter(({ id, score }) => score < 0 && id.startsWith(options.banPrefix))
    .filter(({ resource }) => isMeantResource(resource, options.onlyResource))
    .map(({ id, resource, role, node }) => {
      const as = role === "Promoted" ? "in Promoted role " : "";
      const name = shownName(detailOf(snapshot, node), node, options.detail);
      return `${id}\tprevents ${resource} from running ${as}on ${name}`;
    });
}
