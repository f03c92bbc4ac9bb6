/** Numbers of drbd.conf with their suffixes. */

/** What a number without suffix counts: things ("1"), KiB ("k") or sectors of 512 bytes ("s"). */
export type DrbdUnit = "1" | "k" | "s";

const unitShift: Readonly<Record<DrbdUnit, number>> = { "1": 0, k: 10, s: 9 };
const suffixShift: Readonly<Record<string, number>> = { k: 10, m: 20, g: 30, s: 9 };

/**
 * The value in the option's unit: as it stands without suffix, else bytes converted, rounded up (`10M` of KiB is
 * 10240, `1s` of KiB is 1). Undefined when the text is no such number or too large to be exact.
 */
export function parseDrbdNumber(text: string, unit: DrbdUnit): number | undefined {
  const match = /^([0-9]+)([kKmMgGs]?)$/.exec(text);
  if (match === null) return undefined;
  const [, digits = "", suffix = ""] = match;
  const number = Number(digits);
  if (suffix === "") return Number.isSafeInteger(number) ? number : undefined;
  const shift = (suffixShift[suffix.toLowerCase()] ?? 0) - unitShift[unit];
  const value = Math.ceil(number * 2 ** shift);
  return Number.isSafeInteger(value) ? value : undefined;
}
