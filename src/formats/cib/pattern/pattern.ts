/** Whether a name matches a pattern, within a bounded number of steps: some patterns try more ways than there are atoms. */
import type { Result } from "../../../base/result.ts";
import { type ParsedPattern, type PatternNode, parsePattern } from "./parse-pattern.ts";

export type Pattern = {
  /**
   * What the pattern and each of its groups match, from the first place on where it does; undefined where it does nowhere.
   * Groups that match nothing are undefined.
   */
  find(text: string): readonly (string | undefined)[] | undefined;
  /** The last search was given up: nobody knows whether the pattern matches. */
  readonly isSpent: boolean;
};

/** Of one search; a hundred times what a pattern takes that somebody has thought about. */
const stepsMax = 100_000;
/** Each step of a repetition stands on the one before. */
const depthMax = 1_500;

export function compilePattern(text: string): Result<Pattern> {
  const parsed = parsePattern(text);
  return parsed.ok ? { ok: true, value: new BoundedPattern(parsed.value) } : parsed;
}

class BoundedPattern implements Pattern {
  readonly #parsed: ParsedPattern;
  #isSpent = false;

  constructor(parsed: ParsedPattern) {
    this.#parsed = parsed;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  find(text: string): readonly (string | undefined)[] | undefined {
    const { root, groups } = this.#parsed;
    const characters = [...text];
    const on: Search = { characters, found: [], stepsLeft: stepsMax, depth: 0 };
    for (let start = 0; start <= characters.length && on.stepsLeft > 0; start++) {
      on.found.length = 0;
      const end = { at: -1 };
      const isMatch = match(on, root, start, (at) => {
        end.at = at;
        return true;
      });
      if (!isMatch) continue;
      const part = (span: Span | undefined): string | undefined =>
        span && characters.slice(span.from, span.to).join("");
      const inGroups = Array.from({ length: groups }, (_, i) => part(on.found[i + 1]));
      this.#isSpent = false;
      return [part({ from: start, to: end.at }), ...inGroups];
    }
    this.#isSpent = on.stepsLeft <= 0;
    return undefined;
  }
}

type Span = { readonly from: number; readonly to: number };

type Search = {
  readonly characters: readonly string[];
  /** By the group's index. */
  readonly found: (Span | undefined)[];
  /** 0 or less: it is given up. */
  stepsLeft: number;
  depth: number;
};

type Then = (at: number) => boolean;

function match(on: Search, node: PatternNode, at: number, then: Then): boolean {
  on.stepsLeft--;
  if (on.depth >= depthMax) on.stepsLeft = 0;
  if (on.stepsLeft <= 0) return false;
  on.depth++;
  const isMatch = matchNode(on, node, at, then);
  on.depth--;
  return isMatch;
}

function matchNode(on: Search, node: PatternNode, at: number, then: Then): boolean {
  switch (node.kind) {
    case "one": {
      const character = on.characters[at];
      return character !== undefined && node.accepts(character) && then(at + 1);
    }
    case "begin":
      return at === 0 && then(at);
    case "end":
      return at === on.characters.length && then(at);
    case "group": {
      const before = on.found[node.index];
      const isMatch = match(on, node.body, at, (to) => {
        on.found[node.index] = { from: at, to };
        return then(to);
      });
      if (!isMatch) on.found[node.index] = before;
      return isMatch;
    }
    case "chain":
      return matchChain(on, node.parts, at, then);
    case "choice":
      return node.of.some((each) => match(on, each, at, then));
    case "repeat":
      return matchRepeat(on, { ...node, count: 0 }, at, then);
  }
}

function matchChain(on: Search, parts: readonly PatternNode[], at: number, then: Then): boolean {
  const from = (i: number, place: number): boolean => {
    const part = parts[i];
    return part === undefined ? then(place) : match(on, part, place, (to) => from(i + 1, to));
  };
  return from(0, at);
}

/** As often as it goes first. What matches nothing is not repeated for ever. */
function matchRepeat(
  on: Search,
  repeat: PatternNode & { kind: "repeat" } & { readonly count: number },
  at: number,
  then: Then,
): boolean {
  const { body, least, most, count } = repeat;
  const again = (to: number): boolean =>
    (to > at || count < least) && matchRepeat(on, { ...repeat, count: count + 1 }, to, then);
  if (count < most && match(on, body, at, again)) return true;
  return count >= least && on.stepsLeft > 0 && then(at);
}
