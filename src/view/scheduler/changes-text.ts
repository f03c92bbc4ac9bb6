/** What a transition changes, one line each, as crm_simulate prints it. */
import type { Change, NodeChange, ResourceChange } from "../../decision/transition.ts";

/** Columns grow with what was printed before, so that lines appear as they are made. */
type Columns = { resource: number; details: number };

export function changeLines(changes: readonly Change[]): string[] {
  const columns: Columns = { resource: 5, details: 5 };
  const lines: string[] = [];
  for (const change of changes) {
    const line = change.kind === "node" ? nodeLine(change) : resourceLine(change, columns);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

/** A shutdown was asked for, so it needs no line. */
function nodeLine({ change, how, node, guestOf, reason }: NodeChange): string | undefined {
  if (reason === undefined) return undefined;
  const what = change === "fence" ? `Fence (${how})` : "Shutdown";
  return `${what} ${node}${guestOf === undefined ? "" : ` (resource: ${guestOf})`} '${reason}'`;
}

const names: Readonly<Record<ResourceChange["change"], string>> = {
  start: "Start",
  stop: "Stop",
  move: "Move",
  migrate: "Migrate",
  recover: "Recover",
  restart: "Restart",
  reload: "Reload",
  promote: "Promote",
  demote: "Demote",
  "re-promote": "Re-promote",
};

function resourceLine(change: ResourceChange, columns: Columns): string {
  const details = detailsOf(change);
  if (change.resource.length > columns.resource) columns.resource = change.resource.length + 2;
  columns.details = Math.max(columns.details, details.length);
  const name = names[change.change].padEnd(8);
  const resource = change.resource.padEnd(columns.resource);
  const where = details.padStart(columns.details);
  const why = whyOf(change);
  return `${name}   ${resource}   ( ${where} )${why === "" ? "" : `  ${why}`}`;
}

function whyOf({ reason, blocked }: ResourceChange): string {
  if (reason === undefined) return blocked ? "blocked" : "";
  return blocked ? `due to ${reason} (blocked)` : `due to ${reason}`;
}

function detailsOf(change: ResourceChange): string {
  const { from, to, role, nextRole, showsRole } = change;
  if (from === undefined) return showsRole ? `${role} -> ${nextRole} ${to}` : `${to}`;
  if (to === undefined) return showsRole ? `${role} ${from}` : from;
  if (role === nextRole) {
    const way = from === to ? from : `${from} -> ${to}`;
    if (!showsRole) return way;
    return from === to ? `${role} ${way}` : `${way} ${role}`;
  }
  if (from === to) return `${role} -> ${nextRole} ${from}`;
  return `${role} ${from} -> ${nextRole} ${to}`;
}
