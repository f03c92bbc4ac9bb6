/**
 * XPath text -> expression: the subset of XPath 1.0 that the cluster commands use. All of location paths but the
 * rarer axes; predicates with and, or, comparisons, positions and the functions of evaluate-xpath.ts; unions.
 * Left out: arithmetic, variables, namespaces, comments and text nodes (a CIB has none).
 */
import { err, ok, type Result } from "../../../base/result.ts";
import type { Axis, Expression, Operator, Step } from "./expression.ts";
import { functionArity } from "./functions.ts";
import { type Token, tokenize, type XPathError } from "./tokens.ts";

/** A longer expression, or one with deeper brackets, is refused: nothing that a command sends comes near. */
const lengthMax = 4096;
const depthMax = 40;

const axes: ReadonlySet<string> = new Set<Axis>([
  "child",
  "descendant",
  "descendant-or-self",
  "parent",
  "ancestor",
  "ancestor-or-self",
  "self",
  "attribute",
  "following-sibling",
  "preceding-sibling",
]);

/** Loosest first. */
const levels: readonly (readonly Operator[])[] = [
  ["or"],
  ["and"],
  ["=", "!="],
  ["<=", ">=", "<", ">"],
  ["|"],
];

export function parseXPath(text: string): Result<Expression, XPathError> {
  if (text.length > lengthMax) {
    return err({ column: lengthMax, message: `longer than ${lengthMax} characters` });
  }
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const on: Parsing = { tokens: tokens.value, at: 0, depth: 0, failure: undefined };
  const expression = parseBinary(on, 0);
  if (expression !== undefined) expectEnd(on);
  if (on.failure !== undefined) return err(on.failure);
  return expression === undefined ? err({ column: 1, message: "empty" }) : ok(expression);
}

/** How far the parsing of one expression is. A function that returns undefined has set `failure`. */
type Parsing = {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  failure: XPathError | undefined;
};

function parseBinary(on: Parsing, level: number): Expression | undefined {
  const operators = levels[level];
  if (operators === undefined) return parsePath(on);
  let left = parseBinary(on, level + 1);
  while (left !== undefined) {
    const operator = operators.find((each) => peek(on).text === each && isOperator(on));
    if (operator === undefined) return left;
    on.at++;
    const right = parseBinary(on, level + 1);
    left = right && { kind: "binary", operator, left, right };
  }
  return undefined;
}

function expectEnd(on: Parsing): void {
  if (peek(on).kind !== "end") fail(on, "an operator or the end");
}

function parsePath(on: Parsing): Expression | undefined {
  const first = peek(on);
  if (first.kind === "symbol" && (first.text === "/" || first.text === "//")) {
    on.at++;
    if (first.text === "/" && !startsStep(on)) {
      return { kind: "path", from: "document", predicates: [], steps: [] };
    }
    return parseSteps(on, "document", [], first.text === "//");
  }
  if (startsPrimary(on)) {
    const primary = parsePrimary(on);
    const predicates = primary && parsePredicates(on);
    if (primary === undefined || predicates === undefined) return undefined;
    const slash = peek(on);
    const goesOn = slash.kind === "symbol" && (slash.text === "/" || slash.text === "//");
    if (!goesOn && predicates.length === 0) return primary;
    if (!goesOn) return { kind: "path", from: primary, predicates, steps: [] };
    on.at++;
    return parseSteps(on, primary, predicates, slash.text === "//");
  }
  return parseSteps(on, "context", [], false);
}

function parseSteps(
  on: Parsing,
  from: "document" | "context" | Expression,
  predicates: readonly Expression[],
  deep: boolean,
): Expression | undefined {
  const steps: Step[] = deep ? [anywhere] : [];
  for (;;) {
    const step = parseStep(on);
    if (step === undefined) return undefined;
    steps.push(step);
    if (take(on, "//")) steps.push(anywhere);
    else if (!take(on, "/")) return { kind: "path", from, predicates, steps };
  }
}

function parseStep(on: Parsing): Step | undefined {
  if (take(on, ".")) return { axis: "self", test: "node()", predicates: [] };
  if (take(on, "..")) return { axis: "parent", test: "node()", predicates: [] };
  let axis: Axis = "child";
  if (take(on, "@")) axis = "attribute";
  else if (peek(on, 1).text === "::") {
    const name = peek(on).text;
    if (!axes.has(name)) return fail(on, "a known axis");
    axis = name as Axis;
    on.at += 2;
  }
  const test = peek(on);
  if (test.kind !== "name" && test.text !== "*") return fail(on, "a name");
  on.at++;
  let wanted = test.text;
  if (test.text === "node" && peek(on).text === "(") {
    on.at++;
    if (!take(on, ")")) return fail(on, '")"');
    wanted = "node()";
  }
  const predicates = parsePredicates(on);
  return predicates && { axis, test: wanted, predicates };
}

function parsePredicates(on: Parsing): readonly Expression[] | undefined {
  const predicates: Expression[] = [];
  while (take(on, "[")) {
    const inner = parseNested(on);
    if (inner === undefined) return undefined;
    if (!take(on, "]")) return fail(on, '"]"');
    predicates.push(inner);
  }
  return predicates;
}

function parsePrimary(on: Parsing): Expression | undefined {
  const token = peek(on);
  on.at++;
  if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
  if (token.kind === "text") return { kind: "literal", value: token.text };
  if (token.text === "(") {
    const inner = parseNested(on);
    if (inner !== undefined && !take(on, ")")) return fail(on, '")"');
    return inner;
  }
  return parseCall(on, token);
}

function parseCall(on: Parsing, token: Token): Expression | undefined {
  const arity = functionArity(token.text);
  if (arity === undefined) {
    on.at--;
    return fail(on, "a known function");
  }
  take(on, "(");
  const given: Expression[] = [];
  while (!take(on, ")")) {
    if (given.length > 0 && !take(on, ",")) return fail(on, '"," or ")"');
    const argument = parseNested(on);
    if (argument === undefined) return undefined;
    given.push(argument);
  }
  if (given.length < arity.least || given.length > arity.most) {
    return fail(on, `another number of arguments for ${token.text}()`);
  }
  return { kind: "call", name: token.text, arguments: given };
}

function parseNested(on: Parsing): Expression | undefined {
  if (on.depth >= depthMax) return fail(on, `at most ${depthMax} brackets in each other`);
  on.depth++;
  const inner = parseBinary(on, 0);
  on.depth--;
  return inner;
}

function startsPrimary(on: Parsing): boolean {
  const token = peek(on);
  if (token.kind === "number" || token.kind === "text" || token.text === "(") return true;
  return token.kind === "name" && token.text !== "node" && peek(on, 1).text === "(";
}

function startsStep(on: Parsing): boolean {
  const token = peek(on);
  return token.kind === "name" || ["@", "*", ".", ".."].includes(token.text);
}

function isOperator(on: Parsing): boolean {
  return peek(on).kind === "symbol" || peek(on).kind === "name";
}

function take(on: Parsing, symbol: string): boolean {
  const token = peek(on);
  const taken = token.kind === "symbol" && token.text === symbol;
  if (taken) on.at++;
  return taken;
}

function peek(on: Parsing, ahead = 0): Token {
  return (on.tokens[on.at + ahead] ?? on.tokens.at(-1)) as Token;
}

function fail(on: Parsing, expected: string): undefined {
  const token = peek(on);
  on.failure ??= {
    column: token.column,
    message: `expected ${expected}, found "${token.text}"`,
  };
  return undefined;
}

const anywhere: Step = { axis: "descendant-or-self", test: "node()", predicates: [] };
