import type { OptionRow } from "../getopt/getopt.ts";

/** drbdadm's own options, before or behind the command. */
export const globalOptions: readonly OptionRow[] = [
  { long: "dry-run", short: "d", help: "print the commands of drbdsetup and drbdmeta, run none" },
  { long: "verbose", short: "v", help: "print them and run them; print all remarks on the file" },
  { long: "config-file", short: "c", argument: "FILE", help: "instead of /etc/drbd.conf" },
  { long: "config-to-test", short: "t", argument: "FILE", help: "only check FILE" },
  { long: "peer", short: "P", argument: "HOST", help: "the peer, where a resource has more hosts" },
  { long: "version", short: "V", help: "print the version" },
  { long: "help", short: "h", help: "this text" },
  // Programs and forms of the real drbdadm's that have no meaning here.
  { long: "stacked", short: "S", help: "", hidden: true },
  { long: "drbdsetup", short: "s", argument: "PROGRAM", help: "", hidden: true },
  { long: "drbdmeta", short: "m", argument: "PROGRAM", help: "", hidden: true },
  { long: "sh-varname", short: "n", argument: "NAME", help: "", hidden: true },
  { long: "setup-option", short: "W", argument: "OPTION", help: "", hidden: true },
];
