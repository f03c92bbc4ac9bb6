/**
 * The command line as getopt_long of the C library reads it, from a table of options: short options can be joined
 * (-dv) and carry their argument at once (-cFILE), long ones by `=` or as the next word, and may be abbreviated as long
 * as that is unambiguous. `--` ends the options.
 */
import { err, ok, type Result } from "../../base/result.ts";

export type OptionRow = {
  readonly long: string;
  /** One letter. */
  readonly short?: string;
  /** What the argument is called in the help; absent when there is none. */
  readonly argument?: string;
  /**
   * The argument may be left out: then it is given by `=` or joined, never as the next word. "next": that too, where the
   * next word is no option, as GLib's tools read it.
   */
  readonly optional?: boolean | "next";
  readonly help: string;
  /** Understood, but not in the help. */
  readonly hidden?: boolean;
};

export type GivenOption = { readonly long: string; readonly value: string | undefined };

export type CommandLine = {
  /** In the order in which they were given, each under its long name. */
  readonly options: readonly GivenOption[];
  /** Everything else, in order. */
  readonly operands: readonly string[];
};

export type GetoptMode =
  /** Options may stand between and behind operands. */
  | "permute"
  /** The first operand ends the options; it and all after it are operands. */
  | "stop";

/** The error is a clause for people: `unrecognized option '--frce'`. */
export function getopt(
  rows: readonly OptionRow[],
  words: readonly string[],
  mode: GetoptMode = "permute",
): Result<CommandLine> {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      if (mode === "permute") continue;
      operands.push(...words.slice(at + 1));
      break;
    }
    const read = word.startsWith("--")
      ? readLong(rows, word, words[at + 1])
      : readShort(rows, word, words[at + 1]);
    if (!read.ok) return read;
    options.push(...read.value.options);
    if (read.value.tookNext) at++;
  }
  return ok({ options, operands });
}

/** The value of an option's last mention; undefined when it was not given or has no argument. */
export function optionValue(line: CommandLine, long: string): string | undefined {
  return line.options.findLast((option) => option.long === long)?.value;
}

/** The values of all its mentions, in order. */
export function optionValues(line: CommandLine, long: string): readonly string[] {
  const given = line.options.filter((option) => option.long === long);
  return given.map(({ value }) => value ?? "");
}

export function hasOption(line: CommandLine, long: string): boolean {
  return line.options.some((option) => option.long === long);
}

type Read = { readonly options: readonly GivenOption[]; readonly tookNext: boolean };

function readLong(
  rows: readonly OptionRow[],
  word: string,
  next: string | undefined,
): Result<Read> {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const given = equals < 0 ? undefined : word.slice(equals + 1);
  const row = findLong(rows, name);
  if (!row.ok) return row;
  const { long, argument } = row.value;
  if (argument === undefined) {
    if (given !== undefined) return err(`option '--${long}' doesn't allow an argument`);
    return ok({ options: [{ long, value: undefined }], tookNext: false });
  }
  if (given !== undefined) return ok({ options: [{ long, value: given }], tookNext: false });
  if (leavesNext(row.value, next))
    return ok({ options: [{ long, value: undefined }], tookNext: false });
  if (next === undefined) return err(`option '--${long}' requires an argument`);
  return ok({ options: [{ long, value: next }], tookNext: true });
}

function findLong(rows: readonly OptionRow[], name: string): Result<OptionRow> {
  const exact = rows.find((row) => row.long === name);
  if (exact !== undefined) return ok(exact);
  const [row, ...others] = rows.filter((one) => one.long.startsWith(name));
  if (row === undefined) return err(`unrecognized option '--${name}'`);
  if (others.length === 0) return ok(row);
  const known = [row, ...others].map((one) => `'--${one.long}'`).join(", ");
  return err(`option '--${name}' is ambiguous: ${known}`);
}

function readShort(
  rows: readonly OptionRow[],
  word: string,
  next: string | undefined,
): Result<Read> {
  const options: GivenOption[] = [];
  for (let at = 1; at < word.length; at++) {
    const row = rows.find((one) => one.short === word[at]);
    if (row === undefined) return err(`invalid option -- '${word[at]}'`);
    const { long } = row;
    if (row.argument === undefined) {
      options.push({ long, value: undefined });
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest !== "" || leavesNext(row, next)) {
      options.push({ long, value: rest === "" ? undefined : rest });
      return ok({ options, tookNext: false });
    }
    if (next === undefined) return err(`option requires an argument -- '${word[at]}'`);
    options.push({ long, value: next });
    return ok({ options, tookNext: true });
  }
  return ok({ options, tookNext: false });
}

/** The option's argument may be left out, and the next word is not it. */
function leavesNext({ optional = false }: OptionRow, next: string | undefined): boolean {
  if (optional !== "next") return optional;
  return next === undefined || next.startsWith("-");
}
