/** drbd.conf's options as options of a command: `drbdadm net-options --max-buffers=4k RES`. */
import { type OptionSection, optionTable } from "../../formats/drbd-conf/option-table.ts";
import type { GivenOption, OptionRow } from "../getopt/getopt.ts";

export type ChangeableSection = Extract<OptionSection, "net" | "disk" | "options">;

/** Flags may be named alone; all else has a value. */
export function optionRows(section: ChangeableSection): readonly OptionRow[] {
  return [...optionTable[section]].map(([name, row]) => ({
    long: name,
    argument: row.kind === "flag" ? "yes|no" : row.kind === "number" ? "N" : "VALUE",
    ...(row.kind === "flag" ? { optional: true } : {}),
    help: helpOf(section, name),
  }));
}

/** Those of the command's options that are drbd.conf's. */
export function givenOf(
  section: ChangeableSection,
  options: readonly GivenOption[],
): readonly { readonly name: string; readonly value: string }[] {
  return options
    .filter(({ long }) => optionTable[section].has(long))
    .map(({ long, value = "" }) => ({ name: long, value }));
}

function helpOf(section: ChangeableSection, name: string): string {
  const row = optionTable[section].get(name);
  switch (row?.kind) {
    case "flag":
      return row.default ? "on unless said otherwise" : "off unless said otherwise";
    case "number":
      return `${row.min} to ${row.max}; ${row.default}`;
    case "word":
      return row.words.join(", ");
    default:
      return "";
  }
}
