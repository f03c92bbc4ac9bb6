/** XPath text -> tokens. */
import { err, ok, type Result } from "../../../base/result.ts";

export type Token = {
  readonly kind: "name" | "number" | "text" | "symbol" | "end";
  readonly text: string;
  /** Of its first character in the expression, from 1. */
  readonly column: number;
};

export type XPathError = { readonly column: number; readonly message: string };

const tokenShape =
  /\s*(?:(\d+(?:\.\d*)?|\.\d+)|"([^"]*)"|'([^']*)'|(\/\/|::|\.\.|!=|<=|>=|[/@.[\]()=<>|*,])|([\p{L}_][\p{L}\p{N}_.-]*))/uy;

export function tokenize(text: string): Result<readonly Token[], XPathError> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    tokenShape.lastIndex = at;
    const found = tokenShape.exec(text);
    if (found === null) break;
    const [whole, digits, double, single, symbol, name] = found;
    const literal = double ?? single;
    const inner = digits ?? symbol ?? name ?? literal ?? "";
    const quoted = literal === undefined ? 0 : 2;
    const column = at + whole.length - inner.length - quoted + 1;
    const kind = digits ? "number" : symbol ? "symbol" : name ? "name" : "text";
    tokens.push({ kind, text: inner, column });
    at += whole.length;
  }
  if (text.slice(at).trim() !== "") {
    const column = at + (text.slice(at).length - text.slice(at).trimStart().length) + 1;
    return err({ column, message: `"${text[column - 1]}" starts nothing that is known` });
  }
  tokens.push({ kind: "end", text: "the end", column: text.length + 1 });
  return ok(tokens);
}
