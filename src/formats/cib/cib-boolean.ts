/** Booleans as the CIB spells them: true, on, yes, y, 1 and false, off, no, n, 0, in any case. */

const trueWords: ReadonlySet<string> = new Set(["true", "on", "yes", "y", "1"]);
const falseWords: ReadonlySet<string> = new Set(["false", "off", "no", "n", "0"]);

export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : undefined;
}

/** The boolean of the text, or `otherwise` where there is no text or no boolean in it. */
export function booleanOr(text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : (parseBoolean(text) ?? otherwise);
}
