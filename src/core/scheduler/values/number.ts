/** Numbers as the CIB writes them: what stands before the first character that is none counts. */
const leadingNumber =
  /^[ \t\n\r\v\f]*([+-]?)(0x[\da-f]+|infinity|inf|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i;

export const intMax = 2_147_483_647;
export const intMin = -2_147_483_648;

/** Undefined when the text does not begin with an integer. */
export function scanInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let at = 0;
  while (isSpace(text.charCodeAt(at))) at++;
  const sign = text[at];
  if (sign === "-" || sign === "+") at++;
  const from = at;
  let value = 0;
  for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
    value = value * 10 + digit;
  }
  if (at === from) return undefined;
  return sign === "-" ? -value : value;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** -1 if there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** As C reads a double: hexadecimal and INFINITY too. */
export function scanDouble(text: string): number | undefined {
  const match = leadingNumber.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = ""] = match;
  const value = /^i/i.test(digits) ? Number.POSITIVE_INFINITY : Number(digits);
  return sign === "-" ? -value : value;
}

/** An integer of at least `minimum`; what is no number is the minimum. */
export function scanAtLeast(text: string | undefined, minimum: number): number {
  return Math.max(minimum, Math.min(intMax, scanInteger(text) ?? minimum));
}
