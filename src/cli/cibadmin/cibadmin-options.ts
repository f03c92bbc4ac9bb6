/** The command line of cibadmin. */
import type { OptionGroup, RefusedOption } from "../cluster/cluster-command.ts";
import type { OptionRow } from "../getopt/getopt.ts";

export const actions: readonly OptionRow[] = [
  { long: "query", short: "Q", help: "print the CIB, or what --scope or --xpath says" },
  { long: "create", short: "C", help: "add an object; refused if it is there" },
  { long: "modify", short: "M", help: "merge into the object of that name and id" },
  { long: "replace", short: "R", help: "put it in the place of the object of that name and id" },
  { long: "delete", short: "D", help: "take out the first object that matches" },
  { long: "delete-all", short: "d", help: "with --xpath: take out every match (with --force)" },
  { long: "patch", short: "P", help: "apply a difference made by crm_diff" },
  { long: "erase", short: "E", help: "empty the whole CIB (with --force)" },
  { long: "bump", short: "B", help: "raise epoch by one" },
  { long: "upgrade", short: "u", help: "the CIB in its latest form (with --force)" },
  {
    long: "empty",
    short: "a",
    help: "print an empty CIB, of the schema whose name follows, if one does",
  },
  { long: "md5-sum", short: "5", help: "the digest of a CIB" },
  { long: "md5-sum-versioned", short: "6", help: "the same", hidden: true },
];

export const optionGroups: readonly OptionGroup[] = [
  { title: "What to do (one of these)", rows: actions },
  {
    title: "Where",
    rows: [
      {
        long: "scope",
        short: "o",
        argument: "SECTION",
        help: "configuration, nodes, resources, constraints, crm_config, rsc_defaults, op_defaults, acls, fencing-topology, tags, alerts, status",
      },
      { long: "obj_type", argument: "SECTION", help: "Heartbeat's name of --scope", hidden: true },
      { long: "xpath", short: "A", argument: "XPATH", help: "an XPath expression instead" },
      { long: "node-path", short: "e", help: "with --query --xpath: print where the matches are" },
    ],
  },
  {
    title: "The XML",
    rows: [
      { long: "xml-file", short: "x", argument: "FILE", help: "from a file" },
      { long: "xml-text", short: "X", argument: "XML", help: "as it stands here" },
      { long: "xml-pipe", short: "p", help: "from standard input" },
    ],
  },
  {
    title: "More",
    rows: [
      { long: "allow-create", short: "c", help: "with --modify: add what is not there" },
      { long: "no-children", short: "n", help: "with --query: without what is inside" },
      { long: "local", short: "l", help: "with --query: this node's copy (every query is)" },
      { long: "force", short: "f", help: "do what destroys: --erase, --upgrade, --delete-all" },
      {
        long: "user",
        short: "U",
        argument: "USER",
        help: "with that user's rights, by the rules in the section acls (as root)",
      },
      {
        long: "show-access",
        short: "S",
        argument: "HOW",
        optional: true,
        help: "with --query --user: what the user may do, as text, color or namespace",
      },
      { long: "json", help: "with --query: as JSON" },
      { long: "sync-call", short: "s", help: "every change is waited for", hidden: true },
      { long: "timeout", short: "t", argument: "SECONDS", help: "no effect here", hidden: true },
    ],
  },
];

export const refusedOptions: readonly RefusedOption[] = [
  {
    long: "node",
    short: "N",
    argument: "NODE",
    help: "",
    reason: "all nodes have the same CIB; run the command there to ask that node.",
  },
];
