/** The options of `disk` of one volume as typed values. */
import type { Report } from "../config-text/report.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import { optionValues } from "./option-values.ts";
import { fencingPolicies, onIoErrorPolicies, readBalancings } from "./option-words.ts";
import type { DrbdDiskConfig, DrbdResyncAfter } from "./resource-config.ts";

const tenthMs = 100;

export function diskConfig(
  options: readonly DrbdOption[],
  resyncAfter: DrbdResyncAfter | undefined,
  report: Report,
): DrbdDiskConfig {
  const values = optionValues("disk", options, report);
  return {
    sizeSectors: values.number("size"),
    onIoError: values.word("on-io-error", onIoErrorPolicies),
    fencing: values.word("fencing", fencingPolicies),
    resyncRateKibPerS: values.number("resync-rate"),
    resyncAfter,
    alExtents: values.number("al-extents"),
    alUpdates: values.flag("al-updates"),
    diskBarrier: values.flag("disk-barrier"),
    diskFlushes: values.flag("disk-flushes"),
    diskDrain: values.flag("disk-drain"),
    mdFlushes: values.flag("md-flushes"),
    discardZeroesIfAligned: values.flag("discard-zeroes-if-aligned"),
    disableWriteSame: values.flag("disable-write-same"),
    cPlanAheadMs: values.number("c-plan-ahead") * tenthMs,
    cDelayTargetMs: values.number("c-delay-target") * tenthMs,
    cFillTargetSectors: values.number("c-fill-target"),
    cMaxRateKibPerS: values.number("c-max-rate"),
    cMinRateKibPerS: values.number("c-min-rate"),
    diskTimeoutMs: values.number("disk-timeout") * tenthMs,
    readBalancing: values.word("read-balancing", readBalancings),
    rsDiscardGranularityBytes: values.number("rs-discard-granularity"),
  };
}
