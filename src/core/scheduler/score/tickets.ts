/** What a ticket that is not granted, or on standby, does to the resources that need it. */
import { infinity } from "../../../decision/score.ts";
import { fenceNode } from "../actions/fencing.ts";
import { addScoreEverywhere } from "../model/scoring.ts";
import type { Resource, TicketConstraint } from "../model/types.ts";
import { role } from "../values/role.ts";

export function applyTicket(resource: Resource, constraint: TicketConstraint): void {
  const { ticket, lossPolicy } = constraint;
  if (ticket.granted && !ticket.standby) return;
  if (resource.children.length > 0) {
    for (const child of resource.children) applyTicket(child, constraint);
    return;
  }
  if (!ticket.granted && resource.active.length > 0) {
    applyLoss(resource, constraint);
  } else if (constraint.role !== role.promoted || lossPolicy === "stop") {
    const why = ticket.granted ? "is on standby" : "is not granted";
    addScoreEverywhere(resource, -infinity, `ticket ${ticket.id} ${why}`);
  }
}

/** Safety: losing a ticket means that the other site may be starting the same thing. */
function applyLoss(resource: Resource, constraint: TicketConstraint): void {
  const { cluster } = resource;
  const why = `ticket ${constraint.ticket.id} was lost`;
  const concerned = constraint.role === role.unknown || constraint.role === resource.role;
  switch (constraint.lossPolicy) {
    case "stop":
      addScoreEverywhere(resource, -infinity, why);
      return;
    case "demote":
      // For the promoted role the promotion score is what is banned.
      if (constraint.role !== role.promoted) addScoreEverywhere(resource, -infinity, why);
      return;
    case "fence":
      if (!concerned) return;
      addScoreEverywhere(resource, -infinity, why);
      for (const node of resource.active) fenceNode(cluster, node, "deadman ticket was lost");
      return;
    case "freeze":
      if (!concerned) return;
      resource.managed = false;
      resource.blocked = true;
  }
}

/** Nothing is promoted without the tickets that promotion needs. */
export function requirePromotionTickets(resource: Resource): void {
  for (const { ticket, role: forRole } of resource.tickets) {
    if (forRole === role.promoted && (!ticket.granted || ticket.standby)) {
      addScoreEverywhere(resource, -infinity, `ticket ${ticket.id} is needed to be promoted`);
    }
  }
}
