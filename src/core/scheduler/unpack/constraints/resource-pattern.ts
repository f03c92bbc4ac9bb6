/**
 * rsc-pattern: a regular expression over ids. One that could take longer than anyone waits is refused: nothing else is
 * decided meanwhile.
 */

/** Repetitions without an upper end in one pattern; with each, the time grows by a factor of the id's length. */
const repetitionsMax = 4;

/** Undefined for what is no pattern, or takes too long. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (!isQuick(pattern)) return undefined;
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}

/** Neither many repetitions, nor repeated groups that can match the same text in several ways. */
function isQuick(pattern: string): boolean {
  let repetitions = 0;
  /** Of each open group, whether something in it is repeated or a choice. */
  const open: boolean[] = [];
  let closed = false;
  for (const token of pattern.match(tokens) ?? []) {
    const wasAmbiguous = closed;
    closed = false;
    if (token === "(") {
      open.push(false);
    } else if (token === ")") {
      closed = open.pop() ?? false;
      if (closed) markOuter(open);
    } else if (token === "|") {
      markOuter(open);
    } else if (repeats.test(token)) {
      if (wasAmbiguous || ++repetitions > repetitionsMax) return false;
      markOuter(open);
    }
  }
  return true;
}

function markOuter(open: boolean[]): void {
  if (open.length > 0) open[open.length - 1] = true;
}

/** Escaped characters and classes are one token each; "?" repeats nothing. */
const tokens = /\\.|\[\^?\]?[^\]]*\]|\{[^}]*\}|[\s\S]/g;
const repeats = /^(?:[*+]|\{.*\})$/;
