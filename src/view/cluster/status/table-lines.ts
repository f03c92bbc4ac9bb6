/** Columns of text, as wide as their widest cell. */
import type { Paint, Tone } from "./paint.ts";

export type Cell = string | { readonly text: string; readonly tone: Tone };

export function tableLines(rows: readonly (readonly Cell[])[], paint: Paint): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(0, ...rows.map((row) => textOf(row[at] ?? "").length)),
  );
  return rows.map((row) => {
    const filled = row.findLastIndex((cell) => textOf(cell) !== "") + 1;
    const cells = row.slice(0, filled).map((cell, at) => {
      const pad = at === filled - 1 ? "" : " ".repeat((widths[at] ?? 0) - textOf(cell).length);
      return (typeof cell === "string" ? cell : paint(cell.text, cell.tone)) + pad;
    });
    return `  ${cells.join("   ")}`;
  });
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** A sentence over several lines: the first begins with `head`, the others below its text. */
export function wrapped(text: string, head: string, columns: number): readonly string[] {
  const room = Math.max(20, columns - head.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  const indent = " ".repeat(head.length);
  return lines.map((each, at) => (at === 0 ? head : indent) + each);
}
