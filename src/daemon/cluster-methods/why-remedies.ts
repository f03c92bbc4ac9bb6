/** What takes a reason away: the command for a cause that keeps a resource down, or for a rule against a node. */

import { unreachable } from "../../base/assert.ts";
import type { DownCause } from "../../decision/reasons.ts";
import { parseOperationKey } from "../../formats/cib/operation-key.ts";

/** Empty where nothing is to be done, or the nodes' own lines say it. @param resource as it is configured. */
export function causeRemedy(cause: DownCause, resource: string): string {
  switch (cause.kind) {
    case "disabled":
      return `crm_resource --resource ${cause.by} --meta --set-parameter target-role --parameter-value Started`;
    case "stop-all-resources":
      return "crm_attribute --name stop-all-resources --delete";
    case "maintenance":
      return maintenanceRemedy(cause, resource);
    case "unmanaged":
      return `crm_resource --resource ${resource} --meta --delete-parameter is-managed`;
    case "blocked":
      return cause.activeOn.length > 1
        ? `Stop it by hand on all nodes but one, then: crm_resource --refresh --resource ${resource}`
        : `Look on the nodes what runs, then: crm_resource --cleanup --resource ${resource}`;
    case "ticket":
      return grantRemedy(cause.ticket);
    case "no-fence-device":
      return "Add one (class stonith), or switch fencing off and accept that two guests may run: crm_attribute --name stonith-enabled --update false";
    case "no-quorum":
      return "Bring the other node back, or look why it is not heard: holdfast status";
    case "unfenced-nodes":
      return `If ${cause.nodes.join(" and ")} is off: holdfast node confirm-off ${cause.nodes[0]} --i-have-looked`;
    case "waits-for":
      return waitingRemedy(cause.actions);
    case "needs":
      return `holdfast why ${cause.on}`;
    case "removed":
    case "no-node":
    case "surplus-instance":
    case "other":
      return "";
    default:
      return unreachable(cause);
  }
}

function maintenanceRemedy(
  { of, node }: Extract<DownCause, { kind: "maintenance" }>,
  resource: string,
): string {
  if (of === "cluster") return "crm_attribute --name maintenance-mode --delete";
  return of === "node"
    ? `crm_attribute --node ${node} --name maintenance --delete`
    : `crm_resource --resource ${resource} --meta --delete-parameter maintenance`;
}

/** Where the first of what is waited for is explained. */
function waitingRemedy(actions: readonly string[]): string {
  for (const action of actions) {
    const key = parseOperationKey(action);
    if (key !== undefined) return `holdfast why ${key.resource}`;
  }
  return "";
}

function grantRemedy(ticket: string): string {
  return `If no other site runs it: crm_ticket --ticket ${ticket} --grant --force`;
}

type Remedy = {
  readonly reason: RegExp;
  /** @param found what the expression's brackets found. */
  readonly command: (resource: string, node: string, found: readonly string[]) => string;
};

const remedies: readonly Remedy[] = [
  {
    reason: /constraint cli-(prefer|ban)-/,
    command: (resource) => `crm_resource --clear --resource ${resource}`,
  },
  { reason: /constraint holdfast-disk-/, command: () => "holdfast drbd status" },
  {
    reason: /failed|start-failure-is-fatal/,
    command: (resource, node) => `crm_resource --cleanup --resource ${resource} --node ${node}`,
  },
  {
    reason: /^health of [^:]*: (#health[^=]*)=/,
    command: (_resource, node, [name]) =>
      `Look what ails ${node}; when it is well: crm_attribute --node ${node} --lifetime reboot --name '${name}' --delete`,
  },
  {
    reason: /^ticket (.*) is on standby$/,
    command: (_resource, _node, [ticket]) => `crm_ticket --ticket ${ticket} --activate`,
  },
  {
    reason: /^ticket (.*) (?:was lost|is not granted|is needed to be promoted)$/,
    command: (_resource, _node, [ticket = ""]) => grantRemedy(ticket),
  },
  {
    reason: /(?:with|inside) (\S+), which gets no node$/,
    command: (_resource, _node, [other]) => `holdfast why ${other}`,
  },
  { reason: /not installed/, command: () => "Install the agent there, then clean up." },
  {
    reason: /shutdown-lock/,
    command: (resource) => `crm_resource --refresh --resource ${resource}`,
  },
];

/** Of a rule that speaks against a node. Empty where there is none. */
export function remedyOf(reason: string, resource: string, node: string): string {
  for (const each of remedies) {
    const found = each.reason.exec(reason);
    if (found !== null) return each.command(resource, node, found.slice(1));
  }
  return "";
}
