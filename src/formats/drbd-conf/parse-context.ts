/** What the parts of the parser share while they read one configuration, over all its files. */
import type { Report } from "../config-text/report.ts";
import type { Claims } from "./claims.ts";
import type { DrbdOption, DrbdSections } from "./drbd-conf.ts";
import type { OptionSink } from "./read-options.ts";

export type ParseContext = {
  readonly report: Report;
  readonly claims: Claims;
};

export type SectionsDraft = {
  -readonly [Key in keyof DrbdSections]: DrbdSections[Key] extends readonly (infer Item)[]
    ? Item[]
    : DrbdSections[Key];
};

export function newSections(place: DrbdSections["place"]): SectionsDraft {
  return {
    place,
    net: [],
    disk: [],
    options: [],
    startup: [],
    handlers: [],
    becomePrimaryOn: [],
    stackedTimeouts: false,
    proxy: undefined,
  };
}

/** Collects options into the sections, saying so when one is there twice. */
export function sinkInto(draft: SectionsDraft, report: Report): OptionSink {
  return (section, option) => {
    if (section === "proxy") return;
    addOption(draft[section], option, report);
  };
}

export function addOption(options: DrbdOption[], option: DrbdOption, report: Report): void {
  const earlier = options.find((each) => each.name === option.name);
  if (earlier !== undefined) {
    report.warning("HF1055", {
      place: option.place,
      message: `\`${option.name}\` was set in line ${earlier.place.line} already; this one counts`,
      remedy: "Keep one of the two.",
    });
  }
  options.push(option);
}
