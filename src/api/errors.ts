/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and cluster, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
import { clusterErrors } from "./errors/cluster-errors.ts";
import { configErrors } from "./errors/config-errors.ts";
import { diskErrors } from "./errors/disk-errors.ts";
import { generalErrors } from "./errors/general-errors.ts";
import { labErrors } from "./errors/lab-errors.ts";
import { membershipErrors } from "./errors/membership-errors.ts";

export type ErrorCode =
  | keyof typeof clusterErrors
  | keyof typeof configErrors
  | keyof typeof membershipErrors
  | keyof typeof diskErrors
  | keyof typeof labErrors
  | keyof typeof generalErrors;

export const errors: Readonly<Record<ErrorCode, string>> = {
  ...configErrors,
  ...clusterErrors,
  ...membershipErrors,
  ...diskErrors,
  ...labErrors,
  ...generalErrors,
};
