/**
 * Options given beside drbd.conf, by `drbdadm net-options`, `disk-options`, `resource-options`, `attach` and `connect`:
 * they are put over those with which a resource runs, and read as the file's own are, with the same ranges.
 */
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import type { Place } from "../config-text/place.ts";
import { newReport } from "../config-text/report.ts";
import { diskConfig } from "./disk-config.ts";
import { netConfig } from "./net-config.ts";
import { type OptionSection, optionTable } from "./option-table.ts";
import type { DrbdResourceConfig, DrbdSetOption } from "./resource-config.ts";
import { resourceOptions } from "./resource-options.ts";

export type GivenOptions = {
  readonly section: Extract<OptionSection, "net" | "disk" | "options">;
  readonly options: readonly { readonly name: string; readonly value: string }[];
  /** What is not given goes back to its default. */
  readonly setDefaults: boolean;
  /** For `disk`: the volumes that are meant. */
  readonly volumes: readonly number[];
};

/** A line of the command has no place of its own in a file. */
const commandLine: Place = { file: "the command line", line: 1, column: 1 };

export function changeOptions(
  config: DrbdResourceConfig,
  given: GivenOptions,
): Parsed<DrbdResourceConfig> {
  const report = newReport();
  const { section } = given;
  const over = (old: readonly DrbdSetOption[]): readonly DrbdSetOption[] => putOver(old, given);
  const changed = ((): DrbdResourceConfig => {
    switch (section) {
      case "net": {
        const net = over(config.set.net);
        return { ...config, net: netConfig(net, report), set: { ...config.set, net } };
      }
      case "options": {
        const options = over(config.set.options);
        return {
          ...config,
          options: resourceOptions(options, report),
          set: { ...config.set, options },
        };
      }
      case "disk":
        return {
          ...config,
          volumes: config.volumes.map((volume) => {
            if (!given.volumes.includes(volume.number)) return volume;
            const set = over(volume.set);
            const { resyncAfter } = volume.options;
            const others = set.filter((option) => option.name !== "resync-after");
            return { ...volume, set, options: diskConfig(others, resyncAfter, report) };
          }),
        };
    }
  })();
  return parsed(changed, report.diagnostics);
}

function putOver(old: readonly DrbdSetOption[], given: GivenOptions): readonly DrbdSetOption[] {
  const names = new Set(given.options.map((option) => option.name));
  const kept = given.setDefaults ? [] : old.filter((option) => !names.has(option.name));
  return [
    ...kept,
    ...given.options.map(({ name, value }) => ({
      name,
      value: name === "protocol" ? value.toUpperCase() : flagValue(given.section, name, value),
      place: commandLine,
    })),
  ];
}

/** A flag that is only named is on: `--allow-two-primaries`. */
function flagValue(section: OptionSection, name: string, value: string): string {
  return optionTable[section].get(name)?.kind === "flag" && value === "" ? "yes" : value;
}
