/** <rsc_ticket>: resources that may run here only while a ticket is granted. */
import { attribute, childrenNamed, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { findForConstraint } from "../../model/find-resource.ts";
import { configError } from "../../model/issues.ts";
import type { Cluster, LossPolicy, Resource, Ticket } from "../../model/types.ts";
import { applyTicket } from "../../score/tickets.ts";
import { parseRole, role } from "../../values/role.ts";
import { resolveReference } from "../references.ts";
import { ticketNamed } from "../tickets.ts";
import { rewriteSides, setMembers } from "./sides.ts";

const rewrite = {
  sides: [{ name: "rsc", detail: "rsc-role", detailInSet: "role" }],
  together: false,
  bothMayBeTags: true,
};

export function readTicketConstraint(cluster: Cluster, given: XmlElement): void {
  const name = attribute(given, "ticket");
  if (name === undefined || name === "") {
    configError(cluster, `constraint ${attribute(given, "id")} names no ticket`);
    return;
  }
  const ticket = ticketNamed(cluster, name);
  const constraint = rewriteSides(cluster, given, rewrite);
  if (constraint === undefined) return;
  const lossPolicy = attribute(constraint, "loss-policy");
  const sets = childrenNamed(constraint, "resource_set");
  for (const each of sets) {
    const set = resolveReference(cluster, each);
    if (set === undefined) return;
    for (const id of setMembers(set)) {
      const resource = findForConstraint(cluster, id);
      if (resource === undefined) {
        configError(cluster, `constraint ${attribute(given, "id")}: no resource '${id}'`);
        return;
      }
      constrain(set, resource, { ticket, roleName: attribute(set, "role"), lossPolicy });
    }
  }
  if (sets.length > 0) return;
  const resource = findForConstraint(cluster, attribute(constraint, "rsc"));
  if (resource === undefined) {
    configError(cluster, `constraint ${attribute(given, "id")}: the resource does not exist`);
    return;
  }
  constrain(constraint, resource, {
    ticket,
    roleName: attribute(constraint, "rsc-role"),
    lossPolicy,
  });
}

type TicketUse = {
  readonly ticket: Ticket;
  readonly roleName: string | undefined;
  readonly lossPolicy: string | undefined;
};

function constrain(element: XmlElement, resource: Resource, use: TicketUse): void {
  const { cluster } = resource;
  let forRole = parseRole(use.roleName);
  if (use.roleName !== undefined && forRole === role.unknown) {
    configError(cluster, `ticket ${use.ticket.id}: role '${use.roleName}' is not valid`);
    return;
  }
  if (forRole === role.started) forRole = role.unknown;
  const constraint = {
    id: attribute(element, "id") ?? "",
    ticket: use.ticket,
    lossPolicy: lossPolicyOf(cluster, use.lossPolicy, forRole === role.promoted),
    role: forRole,
  };
  resource.tickets.push(constraint);
  if (!use.ticket.granted || use.ticket.standby) applyTicket(resource, constraint);
}

function lossPolicyOf(
  cluster: Cluster,
  text: string | undefined,
  forPromoted: boolean,
): LossPolicy {
  const lower = text?.toLowerCase();
  switch (lower) {
    case "fence":
      if (cluster.settings.fencingEnabled) return "fence";
      configError(cluster, "a ticket's loss-policy=fence needs fencing, taking stop");
      return "stop";
    case "stop":
    case "demote":
    case "freeze":
      return lower;
    default:
      return forPromoted ? "demote" : "stop";
  }
}
