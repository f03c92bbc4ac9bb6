/** Numbers as the CIB writes them: what stands before the first character that is none counts. */
const leadingInteger = /^[ \t\n\r\v\f]*([+-]?\d+)/;
const leadingNumber = /^[ \t\n\r\v\f]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/;

export const intMax = 2_147_483_647;
export const intMin = -2_147_483_648;

/** Undefined when the text does not begin with an integer. */
export function scanInteger(text: string | undefined): number | undefined {
  const match = text === undefined ? null : leadingInteger.exec(text);
  return match === null ? undefined : Number(match[1]);
}

export function scanDouble(text: string): number | undefined {
  const match = leadingNumber.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** An integer of at least `minimum`; what is no number is the minimum. */
export function scanAtLeast(text: string | undefined, minimum: number): number {
  return Math.max(minimum, Math.min(intMax, scanInteger(text) ?? minimum));
}
