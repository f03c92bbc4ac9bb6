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
  | "HF2131"
  | "HF2132"
  | "HF2133"
  | "HF2134"
  | "HF2140"
  | "HF2141"
  | "HF2142"
  | "HF2143"
  | "HF2144"
  | "HF2145"
  | "HF2146"
  | "HF2147"
  | "HF2148"
  | "HF2149"
  | "HF2150"
  | "HF2151"
  | "HF2152"
  | "HF2153"
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
  HF2131: "a volume cannot be made a file",
  HF2132: "the file of a volume cannot be unmounted",
  HF2133: "a block device cannot be made",
  HF2134: "what was written to a block device cannot reach its volume",
  HF2140: "a disk server refuses a change of state",
  HF2141: "a backing device cannot be opened",
  HF2142: "a DRBD resource has no such volume",
  HF2143: "a volume has its disk attached already",
  HF2144: "a DRBD resource has no peer to connect to",
  HF2145: "a disk server cannot listen on its address",
  HF2146: "a DRBD resource has its disk server already",
  HF2147: "the configuration of a disk server is missing or broken",
  HF2148: "a disk server does not start",
  HF2149: "a resource or volume is not defined for this host",
  HF2150: "the configuration differs from the running one in what cannot be changed while running",
  HF2151: "a command line is not understood",
  HF2152: "a command is not supported",
  HF2153: "waiting for a connection took too long",
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
};
