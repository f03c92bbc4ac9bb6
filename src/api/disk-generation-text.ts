/** What `get-gi` and `show-gi` print, of a running resource (drbdadm) and of one that is down (drbdmeta). Specification sections 16.2 and 17. */
import type { DiskGeneration } from "./disk-status.ts";

/** One line: `CUR:BM:H1:H2:` and seven flags, as 0 or 1. */
export function generationLine(generation: DiskGeneration): string {
  const { flags } = generation;
  return [
    generation.current,
    generation.bitmap,
    ...generation.history,
    ...[
      flags.consistent,
      flags.wasUpToDate,
      flags.primary,
      flags.connected,
      flags.fullSync,
      flags.peerOutDated,
      flags.crashedPrimary,
    ].map((flag) => (flag ? "1" : "0")),
  ].join(":");
}

/** The same with a legend, the columns under their names. */
export function generationTable(generation: DiskGeneration): string {
  const columns = [
    "Current",
    "Bitmap's base",
    "younger history",
    "older history",
    "C",
    "U",
    "P",
    "N",
    "F",
    "O",
    "R",
  ];
  const values = generationLine(generation).split(":");
  const widths = columns.map((column, i) => Math.max(column.length, values[i]?.length ?? 0));
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(" ")
      .trimEnd();
  return [
    row(columns),
    row(values),
    "",
    "C consistent, U was UpToDate, P was Primary, N was connected, F full sync needed,",
    "O peer known to be Outdated, R crashed as Primary",
    "",
  ].join("\n");
}
