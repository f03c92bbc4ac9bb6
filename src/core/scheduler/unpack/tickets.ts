/** <tickets>: which tickets are granted here, and which are on standby. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { Cluster, Ticket } from "../model/types.ts";

/** A ticket that nothing is known of is not granted. */
export function ticketNamed(cluster: Cluster, id: string): Ticket {
  const known = cluster.tickets.get(id);
  if (known !== undefined) return known;
  const ticket: Ticket = { id, granted: false, standby: false, state: new Map() };
  cluster.tickets.set(id, ticket);
  return ticket;
}

export function readTickets(cluster: Cluster, section: XmlElement): void {
  for (const entry of childrenNamed(section, "ticket_state")) {
    const id = attribute(entry, "id");
    if (id === undefined || id === "") continue;
    const ticket = ticketNamed(cluster, id);
    for (const [name, value] of Object.entries(entry.attributes)) {
      if (name !== "id") ticket.state.set(name, value);
    }
    ticket.granted = booleanOr(ticket.state.get("granted"), false);
    ticket.standby = booleanOr(ticket.state.get("standby"), false);
  }
}
