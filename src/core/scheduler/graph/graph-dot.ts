/**
 * The actions as a picture for Graphviz (dot), as crm_simulate -D draws it: what is done in bold green, what would have to be
 * done and cannot in dashed red, and the order. With all actions also what needs not be done (blue), and what is left to
 * whoever takes care of an unmanaged resource (red on purple).
 */
import { actionFlag, edge, has } from "../model/flags.ts";
import type { Action, Cluster, Edge } from "../model/types.ts";
import { notifyKey } from "../values/op-key.ts";
import { historyKey } from "./graph-action.ts";

/** @param cluster after it was planned for. */
export function clusterToDot(
  { actions }: Cluster,
  { all }: { readonly all: boolean } = { all: false },
): string {
  const drawn = new Set<Action>();
  const lines: string[] = [];
  for (const action of actions) {
    const look = lookOf(action);
    if (look.onlyOfAll && !all) continue;
    drawn.add(action);
    lines.push(
      `"${nameOf(action)}" [ style=${look.style} color="${look.color}" fontcolor="${look.font}"]`,
    );
  }
  for (const action of actions) {
    for (const input of action.before) {
      if (!isDrawn(action, input, { drawn, all })) continue;
      const style = input.graphed ? "bold" : "dashed";
      lines.push(`"${nameOf(input.action)}" -> "${nameOf(action)}" [ style = ${style}]`);
    }
  }
  return ` digraph "g" {\n${lines.map((line) => `${line}\n`).join("")}}\n`;
}

type Look = {
  readonly style: "bold" | "dashed";
  readonly color: "green" | "red" | "blue";
  readonly font: "black" | "orange" | "purple";
  readonly onlyOfAll: boolean;
};

function lookOf({ flags, resource }: Action): Look {
  const font = has(flags, actionFlag.pseudo) ? "orange" : "black";
  if (has(flags, actionFlag.inGraph)) {
    return { style: "bold", color: "green", font, onlyOfAll: false };
  }
  const style = "dashed";
  if (resource?.managed === false) {
    return { style, color: "red", font: "purple", onlyOfAll: true };
  }
  if (has(flags, actionFlag.optional)) return { style, color: "blue", font, onlyOfAll: true };
  return { style, color: "red", font, onlyOfAll: false };
}

function isDrawn(
  action: Action,
  { action: first, flags, graphed }: Edge,
  { drawn, all }: { readonly drawn: ReadonlySet<Action>; readonly all: boolean },
): boolean {
  if (graphed) return true;
  // An order that cannot matter any more.
  if (flags === edge.none) return false;
  return all || (drawn.has(first) && drawn.has(action) && flags !== edge.sameNodeOrTarget);
}

function nameOf(action: Action): string {
  const { key, node, flags, resource, task } = action;
  const host = node?.name ?? (has(flags, actionFlag.pseudo) ? undefined : "<none>");
  const where = host === undefined ? "" : ` ${host}`;
  const historyId = resource?.historyId;
  const prefix = task === "cancel" ? "Cancel " : "";
  if (historyId !== undefined) return `${prefix}${keyWith(historyId, action)}${where}`;
  if (task === "stonith") return `stonith '${action.meta.get("stonith_action")}'${where}`;
  if (host === undefined) return key;
  return resource === undefined ? `${prefix}${task}${where}` : `${prefix}${key}${where}`;
}

/** The key with the name under which the node knows the resource. A notification is drawn with what it is about. */
function keyWith(historyId: string, action: Action): string {
  const [when, task] = ["notify_key_type", "notify_key_operation"].map((name) =>
    action.meta.get(name),
  );
  if (action.task === "notify" && when !== undefined && task !== undefined) {
    return notifyKey(historyId, when, task);
  }
  return historyKey(action, historyId);
}
