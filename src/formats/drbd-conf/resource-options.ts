/** The options of `options` as typed values. */
import type { Report } from "../config-text/report.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import { optionValues } from "./option-values.ts";
import { onNoDataPolicies } from "./option-words.ts";
import type { DrbdOptionsConfig } from "./resource-config.ts";

export function resourceOptions(options: readonly DrbdOption[], report: Report): DrbdOptionsConfig {
  const values = optionValues("options", options, report);
  return {
    cpuMask: values.text("cpu-mask"),
    onNoDataAccessible: values.word("on-no-data-accessible", onNoDataPolicies),
  };
}
