/**
 * All directives of Heartbeat 2 (and those that its version 3 added), with the number of their arguments and what
 * becomes of them here. Source: ha.cf(5) of Heartbeat 3.0.6 and the directives that 2.0.x and 2.1.x accept.
 */

export type DirectiveRow = {
  /** Fewest and most arguments. */
  readonly args: readonly [fewest: number, most: number];
  /** Its values are used; or it is accepted, and said to have no effect. */
  readonly use: "used" | "accepted";
  /** Accepted ones: a notice, or a warning where somebody relies on what does not happen. */
  readonly severity?: "warning";
  /** Accepted ones: what does its work here, as a sentence. */
  readonly instead?: string;
};

const many = Number.POSITIVE_INFINITY;

const logging = "What is logged, and where, is set where the daemon is started.";
const clients = "There are no client processes: all of it is one daemon.";
const wire = "The cluster's packets have a form of their own.";
const pinging = "Make a cluster resource of the agent ocf:pacemaker:ping.";
const fencing = "Fencing is configured in the CIB (stonith-enabled and fence devices).";
const scheduling = "The daemon runs with the scheduling class that its service unit gives it.";

function used(fewest: number, most: number): DirectiveRow {
  return { args: [fewest, most], use: "used" };
}

function accepted(fewest: number, most: number, instead: string): DirectiveRow {
  return { args: [fewest, most], use: "accepted", instead };
}

function warned(fewest: number, most: number, instead: string): DirectiveRow {
  return { args: [fewest, most], use: "accepted", severity: "warning", instead };
}

export const directiveTable: ReadonlyMap<string, DirectiveRow> = new Map([
  // Who and through what.
  ["node", used(1, many)],
  ["bcast", used(1, many)],
  ["ucast", used(2, 2)],
  ["mcast", used(2, 5)],
  ["udpport", used(1, 1)],
  // When.
  ["keepalive", used(1, 1)],
  ["deadtime", used(1, 1)],
  ["warntime", used(1, 1)],
  ["initdead", used(1, 1)],
  // Resource management.
  ["crm", used(1, 1)],
  ["auto_failback", used(1, 1)],
  // Old names.
  ["udp", { ...used(1, many), severity: "warning" }],
  ["nice_failback", accepted(1, 1, "Write auto_failback; with crm on, stickiness decides anyway.")],
  // Other links.
  ["serial", warned(1, many, "Use a second network link: another bcast, ucast or mcast line.")],
  ["baud", accepted(1, 1, "It belongs to serial links, which are not used.")],
  ["mcast6", warned(2, 5, "Use bcast, ucast or mcast.")],
  ["rds", warned(1, many, "Use bcast, ucast or mcast.")],
  ["openais", warned(1, many, "Use bcast, ucast or mcast.")],
  ["hopfudge", accepted(1, 1, "Packets are not forwarded from node to node.")],
  // Watching others than nodes.
  ["ping", warned(1, many, pinging)],
  ["ping6", warned(1, many, pinging)],
  ["ping_group", warned(2, many, pinging)],
  ["hbaping", warned(1, many, pinging)],
  ["deadping", accepted(1, 1, pinging)],
  // Membership and quorum.
  ["autojoin", warned(1, 1, "List every member on a node line.")],
  ["uuidfrom", accepted(1, 1, "A node's UUID is made once and kept in its state directory.")],
  ["quorum_server", warned(1, 1, "Use fencing, or a third node.")],
  ["cluster", accepted(1, 1, "Clusters on one network are told apart by their keys and ports.")],
  // Fencing and self-destruction.
  ["stonith", warned(1, many, fencing)],
  ["stonith_host", warned(2, many, fencing)],
  ["watchdog", warned(1, 1, "A node that hangs is not reset by this: configure fencing.")],
  // Processes.
  ["respawn", warned(2, many, clients)],
  ["apiauth", accepted(1, many, clients)],
  ["env", accepted(1, many, clients)],
  ["use_apphbd", accepted(1, 1, clients)],
  ["rtprio", accepted(1, 1, scheduling)],
  ["realtime", accepted(1, 1, scheduling)],
  ["normalpoll", accepted(1, 1, scheduling)],
  ["memreserve", accepted(1, 1, scheduling)],
  ["coredumps", accepted(1, 1, "Set LimitCORE in the service unit.")],
  ["coreroot", accepted(1, 1, "Set kernel.core_pattern.")],
  // Logs.
  ["logfacility", accepted(1, 1, logging)],
  ["logfile", accepted(1, 1, logging)],
  ["debugfile", accepted(1, 1, logging)],
  ["debug", accepted(1, 1, logging)],
  ["use_logd", accepted(1, 1, logging)],
  ["conn_logd_time", accepted(1, 1, logging)],
  ["log_badpack", accepted(1, 1, "Packets that are refused are always counted and told.")],
  ["syslogmsgfmt", accepted(1, 1, logging)],
  // The wire.
  ["msgfmt", accepted(1, 1, wire)],
  ["hbgenmethod", accepted(1, 1, wire)],
  ["compression", accepted(1, 1, wire)],
  ["compression_threshold", accepted(1, 1, wire)],
  ["traditional_compression", accepted(1, 1, wire)],
  ["max_rexmit_delay", accepted(1, 1, wire)],
  // The CIB.
  ["record_config_changes", accepted(1, 1, "Changes of the configuration are always recorded.")],
  ["record_pengine_inputs", accepted(1, 1, "Nothing is written for each transition.")],
  ["enable_config_writes", warned(1, 1, "Changes of the configuration are always written.")],
]);
