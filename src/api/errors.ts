/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and scheduling, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
export type ErrorCode =
  | "HF7001"
  | "HF7002"
  | "HF7003"
  | "HF7004"
  | "HF7005"
  | "HF7006"
  | "HF7007"
  | "HF7008"
  | "HF7009"
  | "HF7010"
  | "HF7011"
  | "HF7012"
  | "HF7013"
  | "HF7014"
  | "HF7015"
  | "HF7016"
  | "HF7017"
  | "HF7018"
  | "HF7019"
  | "HF9001"
  | "HF9002"
  | "HF9003";

export const errors: Readonly<Record<ErrorCode, string>> = {
  HF7001: "the lab needs root",
  HF7002: "the machine lacks something that a lab needs",
  HF7003: "a program is not installed",
  HF7004: "there is no such lab",
  HF7005: "a lab of that name exists already",
  HF7006: "the lab has no such host",
  HF7007: "the host is off or frozen",
  HF7008: "a program of the operating system failed",
  HF7009: "the arguments are not understood",
  HF7010: "the directory cannot be used",
  HF7011: "another command is changing the lab",
  HF7012: "the host serves a mounted block device itself",
  HF7013: "this kernel has no device mapper",
  HF7014: "the guests' kernel is missing",
  HF7015: "a file of the demo is missing or unusable",
  HF7016: "the host does not boot",
  HF7017: "processes do not end",
  HF7018: "a step of the demo failed",
  HF7019: "a ledger does not answer",
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
};
