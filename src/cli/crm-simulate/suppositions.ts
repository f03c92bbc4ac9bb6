/** What crm_simulate's options ask to suppose, in the order in which Pacemaker's tool makes it happen. */
import type { Supposition } from "../../api/transition.ts";
import { type CommandLine, optionValues } from "../getopt/getopt.ts";

type Reader = readonly [option: string, read: (value: string) => Supposition];

const readers: readonly Reader[] = [
  ["quorum", (value) => ({ kind: "quorum", value })],
  ["watchdog", (value) => ({ kind: "watchdog", value })],
  ["node-up", (node) => ({ kind: "node", event: "up", node })],
  ["node-down", (node) => ({ kind: "node", event: "down", node })],
  ["node-fail", (node) => ({ kind: "node", event: "fail", node })],
  ["ticket-grant", (ticket) => ({ kind: "ticket", event: "grant", ticket })],
  ["ticket-revoke", (ticket) => ({ kind: "ticket", event: "revoke", ticket })],
  ["ticket-standby", (ticket) => ({ kind: "ticket", event: "standby", ticket })],
  ["ticket-activate", (ticket) => ({ kind: "ticket", event: "activate", ticket })],
  ["op-inject", (spec) => ({ kind: "operation", spec })],
];

export function suppositionsOf(line: CommandLine): readonly Supposition[] {
  return readers.flatMap(([name, read]) => optionValues(line, name).map(read));
}
