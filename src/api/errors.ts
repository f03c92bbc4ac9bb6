/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and cluster, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
import { clusterErrors } from "./errors/cluster-errors.ts";
import { commandErrors } from "./errors/command-errors.ts";
import { configErrors } from "./errors/config-errors.ts";
import { controllerErrors } from "./errors/controller-errors.ts";
import { daemonErrors } from "./errors/daemon-errors.ts";
import { diskErrors } from "./errors/disk-errors.ts";
import { fencingErrors } from "./errors/fencing-errors.ts";
import { generalErrors } from "./errors/general-errors.ts";
import { labErrors } from "./errors/lab-errors.ts";
import { membershipErrors } from "./errors/membership-errors.ts";
import { schedulerErrors } from "./errors/scheduler-errors.ts";

export type ErrorCode =
  | keyof typeof clusterErrors
  | keyof typeof commandErrors
  | keyof typeof daemonErrors
  | keyof typeof diskErrors
  | keyof typeof configErrors
  | keyof typeof controllerErrors
  | keyof typeof fencingErrors
  | keyof typeof generalErrors
  | keyof typeof labErrors
  | keyof typeof membershipErrors
  | keyof typeof schedulerErrors;

export const errors: Readonly<Record<ErrorCode, string>> = {
  ...clusterErrors,
  ...commandErrors,
  ...daemonErrors,
  ...diskErrors,
  ...configErrors,
  ...controllerErrors,
  ...fencingErrors,
  ...generalErrors,
  ...labErrors,
  ...membershipErrors,
  ...schedulerErrors,
};
