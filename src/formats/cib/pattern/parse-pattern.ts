/**
 * Patterns over names, in constraints and fencing levels: POSIX extended regular expressions (IEEE 1003.1, chapter 9.4) as
 * the C library reads them, with its \w, \W, \s and \S; its word boundaries, collating symbols and back references are
 * refused.
 */
import { err, ok, type Result } from "../../../base/result.ts";

export type PatternNode =
  | { readonly kind: "one"; readonly accepts: (character: string) => boolean }
  | { readonly kind: "begin" }
  | { readonly kind: "end" }
  | { readonly kind: "group"; readonly index: number; readonly body: PatternNode }
  | { readonly kind: "chain"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly of: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly body: PatternNode;
      readonly least: number;
      readonly most: number;
    };

export type ParsedPattern = { readonly root: PatternNode; readonly groups: number };

/** More than any pattern over names has. */
const lengthMax = 1000;
const depthMax = 40;
const repeatMax = 1000;

/** The error is a clause: "column 3: a [ without its ]". */
export function parsePattern(text: string): Result<ParsedPattern> {
  const characters = [...text];
  if (characters.length > lengthMax) return err(`longer than ${lengthMax} characters`);
  const on: Parsing = { characters, at: 0, groups: 0, depth: 0, problem: undefined };
  const root = choice(on);
  return on.problem === undefined ? ok({ root, groups: on.groups }) : err(on.problem);
}

type Parsing = {
  readonly characters: readonly string[];
  at: number;
  groups: number;
  depth: number;
  problem: string | undefined;
};

function choice(on: Parsing): PatternNode {
  const of = [chain(on)];
  while (peek(on) === "|") {
    on.at++;
    of.push(chain(on));
  }
  return of.length === 1 ? (of[0] as PatternNode) : { kind: "choice", of };
}

function chain(on: Parsing): PatternNode {
  const parts: PatternNode[] = [];
  for (let next = peek(on); next !== undefined && next !== "|"; next = peek(on)) {
    // A ) without its ( is itself.
    if ((next === ")" && on.depth > 0) || on.problem !== undefined) break;
    parts.push(repeated(on, atom(on)));
  }
  return { kind: "chain", parts };
}

function atom(on: Parsing): PatternNode {
  const character = on.characters[on.at++] as string;
  switch (character) {
    case "(":
      return group(on);
    case "[":
      return bracket(on);
    case ".":
      return { kind: "one", accepts: () => true };
    case "^":
      return { kind: "begin" };
    case "$":
      return { kind: "end" };
    case "\\":
      return escaped(on);
    case "*":
    case "+":
    case "?":
    case "{":
      return fail(on, `nothing stands before the ${character}`);
    default:
      return literal(character);
  }
}

function literal(character: string): PatternNode {
  return { kind: "one", accepts: (other) => other === character };
}

function group(on: Parsing): PatternNode {
  const index = ++on.groups;
  on.depth++;
  if (on.depth > depthMax) return fail(on, "groups are nested too deep");
  const body = choice(on);
  on.depth--;
  if (peek(on) !== ")") return fail(on, "a ( without its )");
  on.at++;
  return { kind: "group", index, body };
}

function escaped(on: Parsing): PatternNode {
  const character = on.characters[on.at++];
  if (character === undefined) return fail(on, "a \\ at the end");
  if (/[1-9]/.test(character)) return fail(on, "back references are not taken");
  if (/[bB<>`']/.test(character)) return fail(on, `\\${character} is not taken`);
  const word = (other: string): boolean => /^[\p{L}\p{N}_]$/u.test(other);
  const space = (other: string): boolean => /^\s$/.test(other);
  if (character === "w") return { kind: "one", accepts: word };
  if (character === "W") return { kind: "one", accepts: (other) => !word(other) };
  if (character === "s") return { kind: "one", accepts: space };
  if (character === "S") return { kind: "one", accepts: (other) => !space(other) };
  return literal(character);
}

function repeated(on: Parsing, body: PatternNode): PatternNode {
  let node = body;
  for (;;) {
    const bounds = boundsAt(on);
    if (bounds === undefined || on.problem !== undefined) return node;
    if (body.kind === "begin" || body.kind === "end") return fail(on, "an anchor is not repeated");
    node = { kind: "repeat", body: node, ...bounds };
  }
}

function boundsAt(on: Parsing): { readonly least: number; readonly most: number } | undefined {
  const sign = peek(on);
  const most = Number.POSITIVE_INFINITY;
  if (sign === "*" || sign === "+" || sign === "?") {
    on.at++;
    return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : most };
  }
  if (sign !== "{") return undefined;
  const rest = on.characters.slice(on.at, on.at + 20).join("");
  const given = /^\{(\d*)(,?)(\d*)\}/.exec(rest);
  const [least, last] = [Number(given?.[1] ?? 0), given?.[3] === "" ? most : Number(given?.[3])];
  const end = given?.[2] === "," ? last : least;
  const isBounds = given !== null && (given[1] !== "" || given[2] === ",");
  if (!isBounds || end < least || least > repeatMax || (end > repeatMax && end !== most)) {
    fail(on, "a { that is no number of times");
    return undefined;
  }
  on.at += given[0].length;
  return { least, most: end };
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /^\p{L}$/u,
  digit: /^[0-9]$/,
  alnum: /^[\p{L}\p{N}]$/u,
  upper: /^\p{Lu}$/u,
  lower: /^\p{Ll}$/u,
  space: /^\s$/,
  blank: /^[ \t]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  print: /^[^\p{Cc}]$/u,
  graph: /^[^\p{Cc}\s]$/u,
  cntrl: /^\p{Cc}$/u,
  xdigit: /^[0-9A-Fa-f]$/,
};

function bracket(on: Parsing): PatternNode {
  const isNot = peek(on) === "^";
  if (isNot) on.at++;
  const tests: ((character: string) => boolean)[] = [];
  for (let first = true; first || peek(on) !== "]"; first = false) {
    const test = bracketPart(on);
    if (test === undefined) return fail(on, "a [ that is not understood, or without its ]");
    tests.push(test);
  }
  on.at++;
  return { kind: "one", accepts: (character) => tests.some((test) => test(character)) !== isNot };
}

/** A class, a range, or a character; a ] at the beginning and a - at either end are themselves. */
function bracketPart(on: Parsing): ((character: string) => boolean) | undefined {
  const named = /^\[:([a-z]+):\]/.exec(on.characters.slice(on.at, on.at + 12).join(""));
  if (named !== null) {
    on.at += named[0].length;
    const name = named[1] ?? "";
    const shape = Object.hasOwn(classes, name) ? classes[name] : undefined;
    return shape && ((character) => shape.test(character));
  }
  const from = on.characters[on.at++];
  const to = on.characters[on.at + 1];
  if (from === undefined) return undefined;
  if (peek(on) !== "-" || to === undefined || to === "]") return (other) => other === from;
  on.at += 2;
  return from > to ? undefined : (other) => other >= from && other <= to;
}

function peek(on: Parsing): string | undefined {
  return on.characters[on.at];
}

function fail(on: Parsing, problem: string): PatternNode {
  on.problem ??= `column ${on.at}: ${problem}`;
  return { kind: "chain", parts: [] };
}
