/**
 * Text -> XlConfig, by xl's grammar (libxlu_cfg): `KEY = VALUE` or `KEY += VALUE`, ended by a newline or a semicolon;
 * lists may be nested, go over lines and end with a comma. The first thing that is not so refuses the file.
 */
import { type Diagnostic, type Parsed, parsed } from "../config-text/diagnostic.ts";
import { newReport, type Report } from "../config-text/report.ts";
import { scanXlConfig, type XlToken } from "./scan-xl-config.ts";
import type { XlAssignment, XlConfig, XlValue } from "./xl-config.ts";

/** Deeper lists than this exhaust the stack of whoever reads them, and mean nothing. */
const depthMax = 16;

export function parseXlConfig(text: string, file: string): Parsed<XlConfig> {
  const report = newReport();
  const reader: Reader = { tokens: scanXlConfig(text, file), at: 0, failed: false, report };
  const assignments: XlAssignment[] = [];
  while (!reader.failed) {
    const token = next(reader);
    if (token.kind === "end") break;
    if (token.kind === "newline" || isSign(token, ";")) continue;
    const assignment = parseAssignment(reader, token);
    if (assignment !== undefined) assignments.push(assignment);
  }
  return parsed({ file, assignments }, report.diagnostics);
}

type Reader = {
  readonly tokens: readonly XlToken[];
  readonly report: Report;
  at: number;
  failed: boolean;
};

const endToken: XlToken = {
  kind: "end",
  text: "the end of the file",
  place: { file: "", line: 1, column: 1 },
};

function peek(reader: Reader): XlToken {
  return reader.tokens[reader.at] ?? reader.tokens.at(-1) ?? endToken;
}

function next(reader: Reader): XlToken {
  const token = peek(reader);
  reader.at += 1;
  return token;
}

function isSign(token: XlToken, sign: string): boolean {
  return token.kind === "sign" && token.text === sign;
}

function parseAssignment(reader: Reader, key: XlToken): XlAssignment | undefined {
  if (key.kind !== "name") {
    fail(reader, key, "`KEY = VALUE`");
    return undefined;
  }
  const operator = next(reader);
  if (!isSign(operator, "=") && !isSign(operator, "+=")) {
    failAfterKey(reader, key, operator);
    return undefined;
  }
  const value = parseValue(reader, 0);
  const after = peek(reader);
  if (value === undefined) return undefined;
  if (after.kind !== "newline" && after.kind !== "end" && !isSign(after, ";")) {
    failAfterValue(reader, after);
    return undefined;
  }
  const { text, place } = key;
  return { key: text, operator: operator.text === "=" ? "=" : "+=", value, place };
}

function parseValue(reader: Reader, depth: number): XlValue | undefined {
  const token = next(reader);
  const { kind, text, place } = token;
  if (kind === "string") return { kind, value: text, place };
  if (kind === "number") {
    const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    if (Number.isSafeInteger(value)) return { kind, value, place };
    fail(reader, token, "a number that can be counted with");
    return undefined;
  }
  if (isSign(token, "[") && depth < depthMax) return parseList(reader, token, depth);
  if (kind === "name") failAtName(reader, token);
  else fail(reader, token, "a string, a number or a list");
  return undefined;
}

function parseList(reader: Reader, opening: XlToken, depth: number): XlValue | undefined {
  const items: XlValue[] = [];
  for (;;) {
    skipNewlines(reader);
    if (isSign(peek(reader), "]")) break;
    const item = parseValue(reader, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
    skipNewlines(reader);
    const token = peek(reader);
    if (isSign(token, ",")) next(reader);
    else if (!isSign(token, "]")) {
      const began = `the list that begins in line ${opening.place.line}`;
      if (token.kind === "string") failAfterValue(reader, token);
      else fail(reader, token, `\`,\` or \`]\` in ${began}`);
      return undefined;
    }
  }
  next(reader);
  return { kind: "list", items, place: opening.place };
}

function skipNewlines(reader: Reader): void {
  while (peek(reader).kind === "newline") next(reader);
}

const writeOut = "Files are read, not executed: write the value itself.";

function refuse(
  reader: Reader,
  code: "HF1100" | "HF1101",
  finding: Pick<Diagnostic, "place" | "message" | "remedy">,
): void {
  reader.failed = true;
  reader.report.error(code, finding);
}

function fail(reader: Reader, token: XlToken, expected: string): void {
  const { kind, place, text } = token;
  if (kind === "python") {
    const message = `expected ${expected}, but found ${text}: Python`;
    refuse(reader, "HF1101", { place, message, remedy: writeOut });
    return;
  }
  const found = kind === "end" || kind === "newline" || kind === "bad" ? text : `\`${text}\``;
  const remedy = "The form is KEY = VALUE, a value being 'a string', 42 or [ 'a', 'list' ].";
  const message = kind === "bad" ? text : `expected ${expected}, but found ${found}`;
  refuse(reader, "HF1100", { place, message, remedy });
}

const statements = ["import", "from", "def", "if", "for", "while", "class", "print", "try", "del"];

/** A name that no `=` follows: most often a statement or a call of Python's. */
function failAfterKey(reader: Reader, key: XlToken, token: XlToken): void {
  const { place, text } = key;
  if (statements.includes(text)) {
    const message = `\`${text}\` begins Python code, which is not executed`;
    const remedy = "Remove it, and write out the values that it computes.";
    refuse(reader, "HF1101", { place, message, remedy });
  } else if (token.kind === "python") {
    const message = `\`${text}\` is followed by ${token.text}: Python`;
    refuse(reader, "HF1101", { place: token.place, message, remedy: writeOut });
  } else fail(reader, token, `\`=\` after \`${text}\``);
}

function failAtName(reader: Reader, { text, place }: XlToken): void {
  const boolean: Readonly<Record<string, string>> = { True: "1", False: "0" };
  const word = Object.hasOwn(boolean, text) ? boolean[text] : undefined;
  const remedy = word === undefined ? `${writeOut} A string needs quotes.` : `Write: ${word}`;
  const message = `expected a string, a number or a list, but found the name \`${text}\``;
  refuse(reader, "HF1101", { place, message, remedy });
}

function failAfterValue(reader: Reader, token: XlToken): void {
  const { kind, place, text } = token;
  if (kind === "string") {
    const message = "two strings stand side by side; Python would join them";
    const remedy = "Put a comma between them in a list, or join them yourself.";
    refuse(reader, "HF1101", { place, message, remedy });
  } else if (kind === "python") {
    const message = `the value is followed by ${text}: Python`;
    refuse(reader, "HF1101", { place, message, remedy: writeOut });
  } else fail(reader, token, "the end of the line");
}
