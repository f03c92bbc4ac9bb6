/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and scheduling, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
export type ErrorCode =
  | "HF1000"
  | "HF1010"
  | "HF1011"
  | "HF1012"
  | "HF1013"
  | "HF1014"
  | "HF1015"
  | "HF1016"
  | "HF1017"
  | "HF1018"
  | "HF1030"
  | "HF1031"
  | "HF1032"
  | "HF1033"
  | "HF1034"
  | "HF1035"
  | "HF1036"
  | "HF1037"
  | "HF1038"
  | "HF1039"
  | "HF1050"
  | "HF1051"
  | "HF1052"
  | "HF1053"
  | "HF1054"
  | "HF1055"
  | "HF1056"
  | "HF1057"
  | "HF1058"
  | "HF1059"
  | "HF1060"
  | "HF1061"
  | "HF1062"
  | "HF1063"
  | "HF1064"
  | "HF1065"
  | "HF1066"
  | "HF1067"
  | "HF1068"
  | "HF1069"
  | "HF1100"
  | "HF1101"
  | "HF1102"
  | "HF1103"
  | "HF1104"
  | "HF1105"
  | "HF1106"
  | "HF1107"
  | "HF1108"
  | "HF3000"
  | "HF3001"
  | "HF3002"
  | "HF3003"
  | "HF3004"
  | "HF3005"
  | "HF3006"
  | "HF3010"
  | "HF3011"
  | "HF3012"
  | "HF3013"
  | "HF3014"
  | "HF3015"
  | "HF3016"
  | "HF3017"
  | "HF3018"
  | "HF3019"
  | "HF3020"
  | "HF3030"
  | "HF3031"
  | "HF3040"
  | "HF3041"
  | "HF3042"
  | "HF3043"
  | "HF3044"
  | "HF3045"
  | "HF9001"
  | "HF9002"
  | "HF9003";

export const errors: Readonly<Record<ErrorCode, string>> = {
  HF1000: "a configuration file is missing or cannot be read",
  HF1010: "ha.cf: a directive is not known and has no effect",
  HF1011: "ha.cf: a directive is misspelt and has no effect",
  HF1012: "ha.cf: a directive is accepted and has no effect here",
  HF1013: "ha.cf: a directive has too few or too many arguments",
  HF1014: "ha.cf: a time is not understood",
  HF1015: "ha.cf: a value is not possible",
  HF1016: "ha.cf: something is given twice",
  HF1017: "ha.cf: times contradict each other",
  HF1018: "ha.cf: there is no link",
  HF1030: "authkeys: a line is not understood",
  HF1031: "authkeys: the method is not known",
  HF1032: "authkeys: a method has no key",
  HF1033: "authkeys: no key to sign with",
  HF1034: "authkeys: a number or the auth line is there twice",
  HF1035: "authkeys: others can read or write the file",
  HF1036: "authkeys: the key is a published example",
  HF1037: "authkeys: crc has no secret",
  HF1038: "authkeys: the key is short",
  HF1039: "authkeys: numbers after the first on the auth line have no effect",
  HF1050: "drbd.conf: something else was expected here",
  HF1051: "drbd.conf: a word is too long, or a quoted one does not end",
  HF1052: "drbd.conf: a number is not understood or out of range",
  HF1053: "drbd.conf: an option has an unknown value",
  HF1054: "drbd.conf: a statement is missing",
  HF1055: "drbd.conf: something is used or given twice",
  HF1056: "drbd.conf: device name and minor do not fit",
  HF1057: "drbd.conf: the volumes of the hosts are not the same",
  HF1058: "drbd.conf: an option names a host that the resource does not have",
  HF1059: "drbd.conf: an included file is missing",
  HF1060: "drbd.conf: several sections are for this host, or none is",
  HF1061: "drbd.conf: resync-after names a resource that is not there",
  HF1062: "drbd.conf: a statement is accepted and has no effect here",
  HF1063: "drbd.conf: an old word",
  HF1064: "drbd.conf: a word of DRBD 9 has no effect",
  HF1065: "drbd.conf: this host does not have the address",
  HF1066: "drbd.conf: the peer cannot be told",
  HF1067: "drbd.conf: a feature of DRBD's that Holdfast does not have",
  HF1068: "drbd.conf: two volumes use the same backing disk",
  HF1069: "drbd.conf: become-primary-on both without allow-two-primaries",
  HF1100: "domain file: something else was expected here",
  HF1101: "domain file: Python is not executed",
  HF1102: "domain file: a value makes no sense",
  HF1103: "domain file: a disk is not understood",
  HF1104: "domain file: a network interface is not understood",
  HF1105: "domain file: a key is not known and has no effect",
  HF1106: "domain file: a key is accepted and has no effect here",
  HF1107: "domain file: a key is set twice",
  HF1108: "domain file: something that every guest should have is missing",
  HF3000: "no `node` line of ha.cf names a host that there is: the members are drbd.conf's hosts",
  HF3001: "a node of ha.cf looks like a slip for a host of drbd.conf",
  HF3002: "nobody is named as a member of the cluster",
  HF3003: "a node's name is none that a host can have",
  HF3004: "more nodes are named than a cluster can have",
  HF3005: "this host is none of the cluster's members",
  HF3006: "this host is the only member",
  HF3010: "datagrams that are none of Holdfast's arrive on the cluster's port",
  HF3011: "a Heartbeat daemon sends on the cluster's port",
  HF3012: "packets with a wrong signature arrive",
  HF3013: "packets signed by a key that is not in authkeys arrive",
  HF3014: "a node speaks another version of the cluster's protocol",
  HF3015: "a genuine packet makes no sense",
  HF3016: "a host that is no member sends genuine packets",
  HF3017: "packets of an earlier start of a node arrive",
  HF3018: "a packet answers what was never sent",
  HF3019: "two hosts, or two daemons, use the name of one node",
  HF3020: "another host uses this node's own name",
  HF3030: "a connection to the cluster's TCP port is refused",
  HF3031: "a member is heard, but cannot be reached by TCP",
  HF3040: "the cluster's UDP port is in use",
  HF3041: "a network interface of ha.cf is not there, or has no IPv4 address",
  HF3042: "the daemon may not open its sockets",
  HF3043: "the cluster's TCP port is in use",
  HF3044: "sending on a network interface fails",
  HF3045: "the file with this node's identity is damaged",
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
};
