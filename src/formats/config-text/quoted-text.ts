/**
 * Text in quotes, in which a backslash takes the next character's meaning away. A loop and no regular expression:
 * those fail on texts of some million characters.
 */
export type QuotedText = {
  /** What stands between the quotes, backslashes included. */
  readonly inside: string;
  /** How many characters that is, an escaped one counted once. */
  readonly characters: number;
};

/** `at` is the place of the opening quote. Undefined when it is not closed in its line. */
export function quotedText(text: string, at: number): QuotedText | undefined {
  const quote = text[at];
  let characters = 0;
  for (let i = at + 1; i < text.length; i++, characters++) {
    if (text[i] === quote) return { inside: text.slice(at + 1, i), characters };
    if (text[i] === "\\") i += 1;
    if (text[i] === "\n") return undefined;
  }
  return undefined;
}

/** How many characters there are up to the end of the line. */
export function restOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return (end < 0 ? text.length : end) - at;
}
