/** crm_mon's command line -> what is to be shown. */
import {
  type MonOptions,
  type MonSection,
  monSections,
  usualOptions,
  usualSections,
} from "../../view/cluster/crm-mon/mon-options.ts";
import { usageError } from "../cluster/cluster-command.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const summary: readonly MonSection[] = ["stack", "dc", "times", "counts"];
/** Names under which --include and --exclude know several. */
const several: Readonly<Record<string, readonly MonSection[]>> = {
  all: monSections,
  none: monSections,
  summary,
  "fencing-failed": ["fencing"],
  "fencing-pending": ["fencing"],
  "fencing-succeeded": ["fencing"],
};

/** @param form XML has everything, unless something is excluded. */
export function monOptions(line: CommandLine, form: "text" | "xml"): MonOptions {
  const sections = sectionsOf(line, form === "xml" ? monSections : usualSections);
  return {
    ...usualOptions,
    sections,
    inactive: hasOption(line, "inactive"),
    groupByNode: hasOption(line, "group-by-node"),
    brief: hasOption(line, "brief"),
    detail: hasOption(line, "show-detail"),
    timing: hasOption(line, "timing-details"),
    fenceHistory: fenceLevel(line),
    banPrefix: optionValue(line, "neg-locations") ?? "",
    onlyNode: optionValue(line, "node"),
    onlyResource: optionValue(line, "resource"),
  };
}

function sectionsOf(line: CommandLine, usual: readonly MonSection[]): ReadonlySet<MonSection> {
  const sections = new Set<MonSection>(usual);
  for (const { long, value } of line.options) {
    switch (long) {
      case "operations":
      case "timing-details":
        sections.add("operations");
        break;
      case "failcounts":
        sections.add("failcounts");
        break;
      case "show-node-attributes":
        sections.add("attributes");
        break;
      case "tickets":
        sections.add("tickets");
        break;
      case "neg-locations":
        sections.add("bans");
        break;
      case "hide-headers":
        for (const each of summary) sections.delete(each);
        break;
      case "include":
      case "exclude":
        for (const name of (value ?? "").split(","))
          change(sections, long, { name: name.trim(), usual });
        break;
      default:
        break;
    }
  }
  return sections;
}

function change(
  sections: Set<MonSection>,
  how: "include" | "exclude",
  { name, usual }: { readonly name: string; readonly usual: readonly MonSection[] },
): void {
  const known = monSections.find((section) => section === name);
  const named = name === "default" ? usual : known === undefined ? several[name] : [known];
  if (named === undefined) {
    const all = [...monSections, "default", ...Object.keys(several)].join(", ");
    throw usageError(`there is no section "${name}"; sections are ${all}`, "crm_mon");
  }
  const isRemoval = (how === "exclude") !== (name === "none");
  for (const each of named) {
    if (isRemoval) sections.delete(each);
    else sections.add(each);
  }
}

function fenceLevel(line: CommandLine): number {
  if (!hasOption(line, "fence-history")) return 1;
  const level = Number(optionValue(line, "fence-history") ?? 2);
  if (Number.isInteger(level) && level >= 0 && level <= 3) return level;
  throw usageError("--fence-history is a number from 0 to 3", "crm_mon");
}
