/** The options of crm_mon. */
import type { OptionGroup } from "../cluster/cluster-command.ts";

export const optionGroups: readonly OptionGroup[] = [
  {
    title: "How",
    rows: [
      { long: "one-shot", short: "1", help: "print once and end" },
      { long: "interval", short: "i", argument: "TIME", help: "refresh at least so often (15s)" },
      { long: "simple-status", short: "s", help: "one line, for Nagios; exit 1 on a warning" },
      { long: "as-xml", short: "X", help: "the same as --output-as=xml", hidden: true },
      {
        long: "layout",
        argument: "VERSION",
        help: "the layout of Heartbeat 2: --layout 0.6",
      },
      {
        long: "as-html",
        short: "h",
        argument: "FILE",
        help: "the same as --output-as=html --output-to=FILE",
      },
      { long: "web-cgi", short: "w", help: "the same as --output-as=html --html-cgi" },
      { long: "disable-ncurses", short: "N", help: "no full screen", hidden: true },
      { long: "quiet", short: "Q", help: "no effect: nothing more is said", hidden: true },
    ],
  },
  {
    title: "What",
    rows: [
      { long: "inactive", short: "r", help: "also resources that are not active" },
      { long: "group-by-node", short: "n", help: "resources with their nodes" },
      { long: "brief", short: "b", help: "how many of each kind" },
      { long: "failcounts", short: "f", help: "fail counts" },
      { long: "operations", short: "o", help: "the history of operations" },
      { long: "timing-details", short: "t", help: "the same with times" },
      { long: "show-node-attributes", short: "A", help: "attributes of the nodes" },
      {
        long: "neg-locations",
        short: "L",
        argument: "PREFIX",
        optional: "next",
        help: "what keeps resources from nodes",
      },
      { long: "tickets", short: "c", help: "tickets" },
      {
        long: "fence-history",
        short: "m",
        argument: "LEVEL",
        optional: "next",
        help: "0 none, 1 failures and what is under way, 2 successes too, 3 all",
      },
      {
        long: "show-detail",
        short: "R",
        help: "ids of nodes, each instance by itself, more about failures",
      },
      { long: "hide-headers", short: "D", help: "without the summary" },
      { long: "node", argument: "NODE", help: "only what is about this node" },
      { long: "resource", argument: "RSC", help: "only what is about this resource" },
      { long: "include", short: "I", argument: "SECTIONS", help: "also these sections" },
      { long: "exclude", short: "U", argument: "SECTIONS", help: "not these sections" },
    ],
  },
  {
    title: "Going on without a screen",
    rows: [
      {
        long: "daemonize",
        short: "d",
        help: "in the background: keep --output-to new, and tell --external-agent",
      },
      { long: "pid-file", short: "p", argument: "FILE", help: "with -d: which process it is" },
      {
        long: "external-agent",
        short: "E",
        argument: "FILE",
        help: "run this program for each result of an operation",
      },
      {
        long: "external-recipient",
        short: "e",
        argument: "WHO",
        help: "with -E: in CRM_notify_recipient",
      },
      { long: "watch-fencing", short: "W", help: "with -E: for each fencing, too" },
    ],
  },
  {
    title: "Pages",
    rows: [
      { long: "html-cgi", help: "with the header that a web server expects of a program" },
      { long: "html-title", argument: "TITLE", help: "the title (Cluster Status)" },
      { long: "html-stylesheet", argument: "URI", help: "a style sheet besides the page's own" },
    ],
  },
];
