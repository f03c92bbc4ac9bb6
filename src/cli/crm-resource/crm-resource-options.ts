/** The command line of crm_resource, with the spellings that Heartbeat's had. */
import type { OptionGroup } from "../cluster/cluster-command.ts";
import type { OptionRow } from "../getopt/getopt.ts";
import { agentQueries } from "./agent-query.ts";
import { agentRunRows, agentRuns } from "./agent-run.ts";

export const queries: readonly OptionRow[] = [
  { long: "list", short: "L", help: "all resources with their state" },
  { long: "list-raw", short: "l", help: "the ids of all primitives" },
  { long: "locate", short: "W", help: "where the resource runs" },
  { long: "list-operations", short: "O", help: "what was done since the last stop" },
  { long: "list-all-operations", short: "o", help: "everything that was done" },
  { long: "query-xml", short: "q", help: "the resource's XML, with its template laid under it" },
  { long: "query-xml-raw", short: "w", help: "the resource's XML as it stands" },
  { long: "get-parameter", short: "g", argument: "NAME", help: "the value of a parameter" },
  { long: "constraints", short: "a", help: "the constraints that hold for the resource" },
  { long: "stack", short: "A", help: "the same, and those of what it is bound to" },
  { long: "digests", help: "digests by which changed parameters are noticed (needs -N)" },
  { long: "why", short: "Y", help: "why it is where it is, why not elsewhere, why not at all" },
];

export const changes: readonly OptionRow[] = [
  { long: "set-parameter", short: "p", argument: "NAME", help: "set a parameter (needs -v)" },
  { long: "delete-parameter", short: "d", argument: "NAME", help: "take a parameter out" },
  { long: "move", short: "M", help: "move it: to --node, else away from where it is" },
  { long: "migrate", help: "Heartbeat's name of --move", hidden: true },
  { long: "ban", short: "B", help: "keep it off a node" },
  { long: "clear", short: "U", help: "take out what --move and --ban left" },
  { long: "un-migrate", help: "Heartbeat's name of --clear", hidden: true },
  { long: "unmigrate", help: "Heartbeat's name of --clear", hidden: true },
  { long: "un-move", help: "an old name of --clear", hidden: true },
  { long: "cleanup", short: "C", help: "forget failures: it may run there again" },
  { long: "refresh", short: "R", help: "forget all of its history: it is looked for anew" },
  { long: "fail", short: "F", help: "say that it has failed where it runs (needs -N)" },
  { long: "restart", help: "stop it and start it again, waiting for both" },
  { long: "wait", help: "wait until the cluster has nothing to do" },
  { long: "delete", short: "D", help: "take it out of the configuration (needs -t)" },
];

export const optionGroups: readonly OptionGroup[] = [
  { title: "Queries (one of these)", rows: queries },
  { title: "Queries about agents (or one of these)", rows: agentQueries },
  { title: "Changes (or one of these)", rows: changes },
  { title: "Past the cluster (or one of these)", rows: agentRuns },
  {
    title: "Of what, and how",
    rows: [
      { long: "resource", short: "r", argument: "RSC", help: "the resource" },
      { long: "node", short: "N", argument: "NODE", help: "the node" },
      {
        long: "host-uname",
        short: "H",
        argument: "NODE",
        help: "Heartbeat's name of --node",
        hidden: true,
      },
      { long: "parameter-value", short: "v", argument: "VALUE", help: "the value to set" },
      {
        long: "property-value",
        argument: "VALUE",
        help: "Heartbeat's name of --parameter-value",
        hidden: true,
      },
      { long: "meta", short: "m", help: "a meta attribute, not a parameter of the agent" },
      { long: "utilization", short: "z", help: "a utilization attribute" },
      { long: "lifetime", short: "u", argument: "TIME", help: "with -M, -B: so long (PT8H)" },
      { long: "promoted", help: "with -M, -B: only in the promoted role" },
      { long: "master", help: "an old name of --promoted", hidden: true },
      { long: "expired", short: "e", help: "with -U: only what has expired" },
      { long: "operation", short: "n", argument: "NAME", help: "with -C: only this operation" },
      { long: "interval", short: "I", argument: "TIME", help: "with -C -n: of this interval" },
      { long: "resource-type", short: "t", argument: "TAG", help: "with -D: primitive, group …" },
      { long: "set-name", short: "s", argument: "ID", help: "with -p, -d: in this set" },
      { long: "nvpair", short: "i", argument: "ID", help: "with -p, -d: this pair" },
      { long: "attr-id", argument: "ID", help: "the same as --nvpair", hidden: true },
      {
        long: "timeout",
        short: "T",
        argument: "TIME",
        help: "with --wait, --restart, --force-…: at most",
      },
      { long: "force", short: "f", help: "also where it makes no sense otherwise" },
      { long: "quiet", short: "Q", help: "only the value" },
      ...agentRunRows,
      { long: "recursive", help: "with --constraints: the same as --stack" },
    ],
  },
];
