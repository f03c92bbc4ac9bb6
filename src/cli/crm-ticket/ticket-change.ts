/** What crm_ticket changes: the state of a ticket at this site. What may stop or start resources needs --force. */
import { UserError } from "../../api/user-error.ts";
import { parseBoolean } from "../../formats/cib/cib-boolean.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { element } from "../../formats/xml/xml-element.ts";
import { by } from "../cluster/by.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { isGranted } from "./ticket-texts.ts";
import { type Ticket, ticketsOf } from "./tickets.ts";

const command = "crm_ticket";
/** "Insufficient privileges", as Pacemaker's tool ends. */
const exitNotAllowed = 4;

export type TicketEdit = {
  /** In the order in which they were given; the last of a name counts. */
  readonly set: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
};

/** Empty where the line asks for no change. @throws UserError HF4600 for a name without its value. */
export function ticketEdit(line: CommandLine): TicketEdit {
  const set = new Map<string, string>();
  const deleted: string[] = [];
  let named: string | undefined;
  for (const { long, value = "" } of line.options) {
    if (long === "grant" || long === "revoke") set.set("granted", String(long === "grant"));
    if (long === "standby" || long === "activate") set.set("standby", String(long === "standby"));
    if (long === "delete-attr") deleted.push(value);
    if (long === "set-attr") {
      if (named !== undefined) throw valueMissing(named);
      named = value;
    }
    if (long !== "attr-value") continue;
    if (named === undefined) throw usageError("--attr-value needs --set-attr before it", command);
    set.set(named, value);
    named = undefined;
  }
  if (named !== undefined) throw valueMissing(named);
  return { set, deleted };
}

function valueMissing(name: string): UserError {
  return usageError(`--set-attr ${name} needs --attr-value VALUE`, command);
}

export async function changeTicket(
  id: string,
  edit: TicketEdit,
  on: { readonly line: CommandLine; readonly shell: CommandShell },
): Promise<number> {
  const { line, shell } = on;
  requireForce(id, edit, line);
  const known = (await ticketsOf(shell)).find((each) => each.id === id);
  const state = { ...known?.state };
  for (const name of edit.deleted) delete state[name];
  for (const [name, value] of edit.set) {
    state[name] = value;
    if (name === "granted" && isNewlyGranted(known, edit))
      state["last-granted"] = String(Math.floor(Date.now() / 1000));
  }
  const ticket = element("ticket_state", { id, ...state });
  const isThere = known?.state !== undefined;
  // Nothing is made only to have something taken out of it.
  if (!isThere && edit.set.size === 0) return 0;
  await shell.cluster.ask("cib-change", {
    operation: isThere ? "replace" : "modify",
    at: { section: "status" },
    xml: printXml(isThere ? ticket : element("tickets", {}, [ticket])),
    allowCreate: true,
    by: by(command, shell),
  });
  return 0;
}

function isNewlyGranted(known: Ticket | undefined, { set }: TicketEdit): boolean {
  const grants = parseBoolean(set.get("granted") ?? "") === true;
  return grants && (known === undefined || !isGranted(known));
}

/** @throws UserError HF4606 */
function requireForce(id: string, { set, deleted }: TicketEdit, line: CommandLine): void {
  if (hasOption(line, "force")) return;
  const granted = set.get("granted");
  if (granted !== undefined && parseBoolean(granted) === true) {
    throw new UserError(
      "HF4606",
      `whether "${id}" is granted to another site cannot be seen here`,
      {
        exit: exitNotAllowed,
        remedy: "Resources may run twice if it is. Make sure, then repeat with --force.",
      },
    );
  }
  if (granted !== undefined || deleted.includes("granted")) throw revokes(id);
}

/** Forgets the ticket's state. @throws UserError HF4606 while it is granted, but with --force. */
export async function cleanUpTicket(
  id: string,
  { line, shell }: { readonly line: CommandLine; readonly shell: CommandShell },
): Promise<number> {
  const known = (await ticketsOf(shell)).find((each) => each.id === id);
  if (known === undefined) throw noSuchTicket(id);
  if (known.state === undefined) return 0;
  if (isGranted(known) && !hasOption(line, "force")) throw revokes(id);
  await shell.cluster.ask("cib-change", {
    operation: "delete",
    at: { section: "status" },
    xml: printXml(element("ticket_state", { id })),
    by: by(command, shell),
  });
  shell.out(`Cleaned up ${id}\n`);
  return 0;
}

function revokes(id: string): UserError {
  return new UserError("HF4606", `to revoke "${id}" can stop, demote or fence what depends on it`, {
    exit: exitNotAllowed,
    remedy: `See ${command} --ticket ${id} --constraints. --standby lets it end gently first; then repeat with --force.`,
  });
}

export function noSuchTicket(id: string): UserError {
  return new UserError("HF4000", `There is no ticket "${id}".`, {
    exit: 105,
    remedy: `${command} --raw lists those that there are.`,
  });
}
