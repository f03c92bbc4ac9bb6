/** The list of options in a command's --help. */
import type { OptionRow } from "./getopt.ts";

/** Help begins in this column; after a longer option on a line of its own. */
const helpColumn = 30;

export function optionHelp(rows: readonly OptionRow[]): string {
  return rows
    .filter((row) => row.hidden !== true)
    .map((row) => `${twoColumns(optionForm(row), row.help)}\n`)
    .join("");
}

/** A line of two columns, as for options and commands. */
export function twoColumns(left: string, right: string): string {
  const start = `  ${left}`;
  if (start.length > helpColumn - 2) return `${start}\n${" ".repeat(helpColumn)}${right}`;
  return start.padEnd(helpColumn) + right;
}

function optionForm(row: OptionRow): string {
  const short = row.short === undefined ? "    " : `-${row.short}, `;
  if (row.argument === undefined) return `${short}--${row.long}`;
  return (row.optional ?? false) !== false
    ? `${short}--${row.long}[=${row.argument}]`
    : `${short}--${row.long} ${row.argument}`;
}
