/** The tickets of a cluster: those that have a state here, and those on which a resource depends. */
import { UserError } from "../../api/user-error.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CommandShell } from "../cluster/command-shell.ts";

export type Ticket = {
  readonly id: string;
  /** Its attributes but the id; none where it was never granted, revoked or put into standby here. */
  readonly state: Readonly<Record<string, string>> | undefined;
};

/** By name. */
export async function ticketsOf(shell: CommandShell): Promise<readonly Ticket[]> {
  const tickets = new Map<string, Ticket>();
  const constraints = await elementsAt("//constraints//rsc_ticket", shell);
  for (const constraint of constraints) {
    const id = attribute(constraint, "ticket");
    if (id !== undefined) tickets.set(id, { id, state: undefined });
  }
  for (const each of await elementsAt("/cib/status/tickets/ticket_state", shell)) {
    const { id = "", ...state } = each.attributes;
    tickets.set(id, { id, state });
  }
  return [...tickets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The XML that an expression selects, as cibadmin prints it; undefined where it selects nothing. */
export async function xmlAt(xpath: string, shell: CommandShell): Promise<string | undefined> {
  try {
    return (await shell.cluster.ask("cib-query", { at: { xpath } })).text;
  } catch (error) {
    if (error instanceof UserError && error.code === "HF4000") return undefined;
    throw error;
  }
}

async function elementsAt(xpath: string, shell: CommandShell): Promise<readonly XmlElement[]> {
  const text = await xmlAt(xpath, shell);
  if (text === undefined) return [];
  const parsed = parseXml(text);
  if (!parsed.ok) throw new UserError("HF9001", `the daemon's XML: ${parsed.error.message}`);
  return parsed.value.name === "xpath-query" ? parsed.value.children : [parsed.value];
}
