const truths: ReadonlySet<string> = new Set(["true", "on", "yes", "y", "1"]);
const untruths: ReadonlySet<string> = new Set(["false", "off", "no", "n", "0"]);

/** Undefined for what is neither. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  if (truths.has(lower)) return true;
  return untruths.has(lower) ? false : undefined;
}

export function isTrue(text: string | undefined): boolean {
  return parseBoolean(text) === true;
}
