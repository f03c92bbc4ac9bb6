/** crm_ticket: which tickets this site holds, as a manager of several sites (booth) grants and revokes them. */
import { UserError } from "../../api/user-error.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, type OptionRow, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { changeTicket, cleanUpTicket, noSuchTicket, ticketEdit } from "./ticket-change.ts";
import { ticketLine, ticketXml } from "./ticket-texts.ts";
import { ticketsOf, xmlAt } from "./tickets.ts";

const name = "crm_ticket";
const exitNoSuch = 105;

const queries: readonly OptionRow[] = [
  { long: "info", short: "l", help: "whether it is granted, for each ticket" },
  { long: "details", short: "L", help: "the same with all its attributes" },
  { long: "raw", short: "w", help: "the ids of the tickets" },
  { long: "query-xml", short: "q", help: "the state as XML" },
  { long: "constraints", short: "c", help: "the constraints for which it counts" },
  { long: "get-attr", short: "G", argument: "NAME", help: "the value of one attribute" },
];

const changes: readonly OptionRow[] = [
  { long: "grant", short: "g", help: "this site has it (with --force)" },
  { long: "revoke", short: "r", help: "this site has it no longer (with --force)" },
  { long: "standby", short: "s", help: "what depends on it ends gently, without its loss policy" },
  { long: "activate", short: "a", help: "back from standby" },
  { long: "set-attr", short: "S", argument: "NAME", help: "set an attribute (needs -v)" },
  { long: "attr-value", short: "v", argument: "VALUE", help: "the value for --set-attr" },
  { long: "delete-attr", short: "D", argument: "NAME", help: "take an attribute out" },
  { long: "cleanup", short: "C", help: "forget its state at this site" },
];

export const crmTicket: ClusterCommand = {
  name,
  summary: "Tells which tickets this site holds, grants and revokes them.",
  usage: ["QUERY|CHANGE [--ticket ID] [OPTION...]"],
  groups: [
    { title: "Queries", rows: queries },
    { title: "Changes (several may be made at once)", rows: changes },
    {
      title: "Of what, and how",
      rows: [
        { long: "ticket", short: "t", argument: "ID", help: "the ticket" },
        { long: "default", short: "d", argument: "VALUE", help: "with -G: where none is set" },
        { long: "force", short: "f", help: "also where resources will stop, or may run twice" },
        { long: "quiet", short: "Q", help: "only the value", hidden: true },
        { long: "set-name", short: "n", argument: "ID", help: "no effect", hidden: true },
        { long: "nvpair", short: "i", argument: "ID", help: "no effect", hidden: true },
      ],
    },
  ],
  refused: [],
  examples: [
    "crm_ticket --info",
    "crm_ticket --ticket siteA --grant --force",
    "crm_ticket --ticket siteA --standby",
  ],
  formats: usualFormats,
  run,
};

type Asked = {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const asked = { line, shell, answer };
  const query = line.options.findLast(({ long }) => queries.some((row) => row.long === long))?.long;
  const id = optionValue(line, "ticket");
  // In an expression there is no way to write both kinds of quotes.
  if (id?.includes('"') === true) throw usageError(`"${id}" cannot be a ticket's id`, name);
  if (query !== undefined) return await tell(query, id, asked);
  const edit = ticketEdit(line);
  const changesIt = edit.set.size > 0 || edit.deleted.length > 0;
  if (!changesIt && !hasOption(line, "cleanup"))
    throw usageError("nothing is asked or ordered, such as --info", name);
  if (id === undefined) throw usageError("which ticket is meant: --ticket ID", name);
  if (hasOption(line, "cleanup")) return await cleanUpTicket(id, asked);
  return await changeTicket(id, edit, asked);
}

async function tell(query: string, id: string | undefined, asked: Asked): Promise<number> {
  switch (query) {
    case "query-xml": {
      const inside = id === undefined ? "" : `/ticket_state[@id="${id}"]`;
      return await tellXml(`/cib/status/tickets${inside}`, "State XML:\n\n", asked);
    }
    case "constraints": {
      const only = id === undefined ? "" : `[@ticket="${id}"]`;
      return await tellXml(`//constraints//rsc_ticket${only}`, "Constraints XML:\n\n", asked);
    }
    case "get-attr":
      return await tellAttribute(id, asked);
    default:
      return await tellTickets(query, id, asked);
  }
}

async function tellXml(xpath: string, title: string, { shell, answer }: Asked): Promise<number> {
  const text = await xmlAt(xpath, shell);
  if (text === undefined) {
    throw new UserError("HF4000", "there is no XML about it", {
      exit: exitNoSuch,
      remedy: `${name} --raw lists the tickets.`,
    });
  }
  answer.give({
    text: () => `${title}${text}`,
    xml: () => [{ name: "xml", attributes: {}, literal: text }],
    json: () => ({ xml: text }),
  });
  return 0;
}

async function tellAttribute(
  id: string | undefined,
  { line, shell, answer }: Asked,
): Promise<number> {
  const wanted = optionValue(line, "get-attr") ?? "";
  const ticket = (await ticketsOf(shell)).find((each) => each.id === id);
  const value = ticket?.state?.[wanted] ?? optionValue(line, "default");
  if (value === undefined) {
    throw new UserError(
      "HF4000",
      `${wanted} is not set for the ticket ${id ?? "(none is named)"}`,
      {
        exit: exitNoSuch,
        remedy: `${name} --details tells what is set.`,
      },
    );
  }
  answer.give({
    text: () => `${value}\n`,
    xml: () => [{ name: "attribute", attributes: { name: wanted, value, ticket: id } }],
    json: () => ({ ticket: id, name: wanted, value }),
  });
  return 0;
}

async function tellTickets(
  query: string,
  id: string | undefined,
  { shell, answer }: Asked,
): Promise<number> {
  const all = await ticketsOf(shell);
  const shown = id === undefined ? all : all.filter((each) => each.id === id);
  if (id !== undefined && shown.length === 0) throw noSuchTicket(id);
  const times = localTimes(Date.now());
  answer.give({
    text: () =>
      shown
        .map((each) =>
          query === "raw" ? `${each.id}\n` : ticketLine(each, query === "details", times),
        )
        .join(""),
    xml: () => [
      {
        name: "tickets",
        attributes: {},
        children: shown.map((each) =>
          query === "raw"
            ? { name: "ticket", attributes: { id: each.id } }
            : ticketXml(each, times),
        ),
      },
    ],
    json: () => shown,
  });
  return 0;
}
