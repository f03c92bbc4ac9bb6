/**
 * What the demo shows: chapters, commands as typed with their output, remarks, the timeline. Colours only on a
 * terminal; lines fit 100 columns, long outputs are shown by their ends; else what commands print is left as it is.
 */
import { styleText } from "node:util";

const columnsMax = 100;
const linesMax = 40;
const linesAtEnds = 18;

export type Screen = {
  heading(text: string): void;
  chapter(title: string): void;
  command(host: string, command: string): void;
  output(text: string): void;
  remark(text: string): void;
  failure(text: string): void;
  good(text: string): void;
  seconds(seconds: number): void;
  timeline(marks: readonly TimelineMark[]): void;
};

/** `atS` counts from the first mark. */
export type TimelineMark = { readonly atS: number | undefined; readonly what: string };

export function newScreen(out: { write(text: string): unknown }, colours: boolean): Screen {
  let chapters = 0;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const line = (text: string): void => {
    out.write(`${text}\n`);
  };
  return {
    heading: (text) => line(paint("bold", text)),
    chapter: (title) => {
      chapters += 1;
      line("");
      line(paint(["bold", "underline"], `${chapters}. ${title}`));
    },
    command: (host, command) => line(`${paint("cyan", `${host}#`)} ${paint("bold", command)}`),
    output: (text) => {
      if (text.trim() === "") return;
      const lines = text.trimEnd().split("\n").flatMap(fitting);
      const hidden = lines.length - 2 * linesAtEnds;
      if (lines.length <= linesMax) for (const one of lines) line(one);
      else {
        for (const one of lines.slice(0, linesAtEnds)) line(one);
        line(paint("dim", `… ${hidden} lines more …`));
        for (const one of lines.slice(-linesAtEnds)) line(one);
      }
    },
    remark: (text) => {
      for (const one of wrapped(text)) line(paint("yellow", one));
    },
    failure: (text) => line(paint("red", text)),
    good: (text) => line(paint("green", text)),
    seconds: (seconds) => {
      if (seconds >= 1) line(paint("dim", `(${seconds.toFixed(1)} s)`));
    },
    timeline: (marks) => {
      for (const { atS, what } of marks) {
        const time = atS === undefined ? "      -" : atS.toFixed(2).padStart(7);
        line(`${paint("bold", `${time} s`)}  ${what}`);
      }
    },
  };
}

/** A line of a command that is too long for the page is broken between words, as a terminal would break it anywhere. */
function fitting(line: string): readonly string[] {
  return line.length <= columnsMax ? [line] : wrapped(line);
}

/** Lines of at most 100 columns; what follows the first is indented. Line ends in the text stay. */
export function wrapped(text: string, columns: number = columnsMax): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const indent = /^ */.exec(paragraph)?.[0] ?? "";
    const lines: string[] = [];
    let current = indent;
    for (const word of paragraph.trim().split(/\s+/)) {
      const isFirst = current.trim() === "";
      if (!isFirst && current.length + 1 + word.length > columns) {
        lines.push(current);
        current = `${indent}    ${word}`;
      } else current += isFirst ? word : ` ${word}`;
    }
    return [...lines, current];
  });
}
