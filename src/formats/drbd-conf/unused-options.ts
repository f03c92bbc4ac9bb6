/** Options of the kernel's DRBD that have nothing to act on in a replication engine that is a process. */
import type { Report } from "../config-text/report.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import type { OptionSection } from "./option-table.ts";

const kernel = "It tunes the kernel's block layer.";

const unusedOptions: Readonly<Partial<Record<OptionSection, ReadonlyMap<string, string>>>> = {
  net: new Map([["unplug-watermark", kernel]]),
  disk: new Map([
    ["use-bmbv", kernel],
    ["max-bio-bvecs", kernel],
    ["disable-write-same", kernel],
    ["disk-barrier", "Order and durability on the disk come from flushes: see disk-flushes."],
    ["disk-drain", "Order and durability on the disk come from flushes: see disk-flushes."],
  ]),
  options: new Map([["cpu-mask", "Set CPUAffinity where the disk server is started."]]),
};

export function noticeUnused(
  section: OptionSection,
  options: readonly DrbdOption[],
  report: Report,
): void {
  for (const { name, place } of options) {
    const remedy = unusedOptions[section]?.get(name);
    if (remedy === undefined) continue;
    report.notice("HF1062", { place, message: `\`${name}\` has no effect here`, remedy });
  }
}
