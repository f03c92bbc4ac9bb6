/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and scheduling, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
export type ErrorCode = "HF2131" | "HF2132" | "HF2133" | "HF2134" | "HF9001" | "HF9002" | "HF9003";

export const errors: Readonly<Record<ErrorCode, string>> = {
  HF2131: "a volume cannot be made a file",
  HF2132: "the file of a volume cannot be unmounted",
  HF2133: "a block device cannot be made",
  HF2134: "what was written to a block device cannot reach its volume",
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
};
