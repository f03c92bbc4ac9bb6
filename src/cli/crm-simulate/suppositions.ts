/** What crm_simulate's options ask to suppose, in the order in which Pacemaker's tool makes it happen. */
import type { Supposition } from "../../decision/transition.ts";
import { parseBoolean } from "../../formats/cib/cib-boolean.ts";
import { usageError } from "../cluster/cluster-command.ts";
import { type CommandLine, type OptionRow, optionValues } from "../getopt/getopt.ts";

/** The options for them; --op-fail and --set-datetime belong to the simulation itself. */
export const suppositionRows: readonly OptionRow[] = [
  { long: "node-up", short: "u", argument: "NODE", help: "a node comes" },
  { long: "node-down", short: "d", argument: "NODE", help: "a node goes, in an orderly way" },
  { long: "node-fail", short: "f", argument: "NODE", help: "a node fails" },
  { long: "op-inject", short: "i", argument: "OPSPEC", help: "an operation had this result" },
  {
    long: "op-fail",
    short: "F",
    argument: "OPSPEC",
    help: "an operation will have this result, if the transition runs it",
  },
  { long: "set-datetime", short: "t", argument: "TIME", help: "it is then (ISO 8601)" },
  { long: "quorum", short: "q", argument: "BOOL", help: "the cluster has quorum, or not" },
  { long: "watchdog", short: "w", argument: "BOOL", help: "a watchdog is active, or not" },
  { long: "ticket-grant", short: "g", argument: "TICKET", help: "a ticket is granted" },
  { long: "ticket-revoke", short: "r", argument: "TICKET", help: "a ticket is revoked" },
  { long: "ticket-standby", short: "b", argument: "TICKET", help: "a ticket is in standby" },
  { long: "ticket-activate", short: "e", argument: "TICKET", help: "a ticket is active" },
];

type Reader = readonly [option: string, read: (value: string) => Supposition];

const readers: readonly Reader[] = [
  ["quorum", (value) => ({ kind: "quorum", value: truth("quorum", value) })],
  ["watchdog", (value) => ({ kind: "watchdog", value: truth("watchdog", value) })],
  ["node-up", (node) => ({ kind: "node", event: "up", node })],
  ["node-down", (node) => ({ kind: "node", event: "down", node })],
  ["node-fail", (node) => ({ kind: "node", event: "fail", node })],
  ["ticket-grant", (ticket) => ({ kind: "ticket", event: "grant", ticket })],
  ["ticket-revoke", (ticket) => ({ kind: "ticket", event: "revoke", ticket })],
  ["ticket-standby", (ticket) => ({ kind: "ticket", event: "standby", ticket })],
  ["ticket-activate", (ticket) => ({ kind: "ticket", event: "activate", ticket })],
  ["op-inject", (spec) => ({ kind: "operation", spec })],
];

/** As it stands there. @throws UserError HF4600 for what is neither true nor false. */
function truth(option: string, value: string): string {
  if (parseBoolean(value) !== undefined) return value;
  throw usageError(`--${option} is true or false, not "${value}"`, "crm_simulate");
}

export function suppositionsOf(line: CommandLine): readonly Supposition[] {
  return readers.flatMap(([name, read]) => optionValues(line, name).map(read));
}
