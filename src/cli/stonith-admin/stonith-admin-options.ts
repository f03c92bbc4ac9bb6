/** The command line of stonith_admin. */
import type { OptionGroup, RefusedOption } from "../cluster/cluster-command.ts";

export const optionGroups: readonly OptionGroup[] = [
  {
    title: "Commands",
    rows: [
      { long: "fence", short: "F", argument: "NODE", help: "switch it off" },
      { long: "reboot", short: "B", argument: "NODE", help: "switch it off, and on again" },
      { long: "unfence", short: "U", argument: "NODE", help: "switch it on" },
      {
        long: "confirm",
        short: "C",
        argument: "NODE",
        help: "you have looked: it is off, and its guests may start elsewhere",
      },
    ],
  },
  {
    title: "Queries",
    rows: [
      { long: "history", short: "H", argument: "NODE", help: "what was fenced ('*': all nodes)" },
      { long: "last", short: "h", argument: "NODE", help: "when it was fenced last" },
      { long: "list-registered", short: "L", help: "the fence devices" },
      {
        long: "list",
        short: "l",
        argument: "NODE",
        help: "the devices that can fence the node, or know themselves whether they can",
      },
      { long: "query", short: "Q", argument: "DEVICE", help: "ask the device how it is" },
      { long: "quiet", short: "q", help: "say less: of a history only the times" },
    ],
  },
  {
    title: "About fence agents on this node, without the cluster",
    rows: [
      { long: "list-installed", short: "I", help: "which there are" },
      { long: "metadata", short: "M", help: "what --agent says of itself" },
      { long: "validate", short: "K", help: "whether --agent takes the values" },
      { long: "agent", short: "a", argument: "AGENT", help: "the agent, such as fence_ipmilan" },
      {
        ...{ long: "option", short: "o", argument: "NAME=VALUE" },
        help: "with --validate: a value (may be repeated)",
      },
      {
        ...{ long: "env-option", short: "e", argument: "NAME" },
        help: "with --validate: the value of OCF_RESKEY_NAME in the environment",
      },
    ],
  },
  {
    title: "More",
    rows: [
      {
        long: "tolerance",
        argument: "TIME",
        help: "nothing is done if the same was done within that time",
      },
      { long: "timeout", short: "t", argument: "TIME", help: "no effect", hidden: true },
      { long: "tag", short: "T", argument: "TAG", help: "no effect", hidden: true },
      { long: "broadcast", short: "b", help: "every node has it all", hidden: true },
      { long: "device", short: "v", argument: "ID", help: "no effect", hidden: true },
    ],
  },
];

export const refusedOptions: readonly RefusedOption[] = [
  {
    long: "register",
    short: "R",
    argument: "D",
    help: "",
    reason: "devices stand in the CIB: class stonith.",
  },
  {
    long: "deregister",
    short: "D",
    argument: "D",
    help: "",
    reason: "devices stand in the CIB: class stonith.",
  },
  {
    long: "register-level",
    short: "r",
    argument: "T",
    help: "",
    reason: "levels stand in the CIB: <fencing-topology>.",
  },
  {
    long: "deregister-level",
    short: "d",
    argument: "T",
    help: "",
    reason: "levels stand in the CIB: <fencing-topology>.",
  },
  {
    long: "list-targets",
    short: "s",
    argument: "D",
    help: "",
    reason: "see pcmk_host_list in the CIB.",
  },
  {
    ...{ long: "cleanup", short: "c", help: "" },
    reason: "the history is bounded, and the oldest goes first.",
  },
  {
    ...{ long: "delay", short: "y", argument: "S", help: "" },
    reason: "a delay belongs to the device: pcmk_delay_base.",
  },
  {
    ...{ long: "as-node-id", short: "n", help: "" },
    reason: "nodes are known by their names.",
  },
  {
    ...{ long: "index", short: "i", argument: "LEVEL", help: "" },
    reason: "levels stand in the CIB: <fencing-topology>.",
  },
  { long: "html-cgi", help: "", reason: "crm_mon writes pages: its fencing section." },
  { long: "html-title", argument: "T", help: "", reason: "crm_mon writes pages." },
  { long: "html-stylesheet", argument: "URI", help: "", reason: "crm_mon writes pages." },
];
