/** Files of lines of words, as ha.cf and authkeys are: no quoting, no continuation, a newline ends all. */
import type { Placed } from "./place.ts";

export type Word = Placed<string>;
export type WordLine = readonly [Word, ...Word[]];

/**
 * The words of each line that has any. `word` is a global pattern that matches one word; `commentAt` says at which
 * index of a line a comment begins, -1 for none.
 */
export function wordLines(
  text: string,
  options: {
    readonly file: string;
    readonly word: RegExp;
    readonly commentAt: (line: string) => number;
  },
): readonly WordLine[] {
  const lines: WordLine[] = [];
  text.split("\n").forEach((whole, index) => {
    const comment = options.commentAt(whole);
    const line = comment < 0 ? whole : whole.slice(0, comment);
    const words: Word[] = [];
    for (const match of line.matchAll(options.word)) {
      const place = { file: options.file, line: index + 1, column: match.index + 1 };
      words.push({ value: match[0], place });
    }
    const [first, ...rest] = words;
    if (first !== undefined) lines.push([first, ...rest]);
  });
  return lines;
}
