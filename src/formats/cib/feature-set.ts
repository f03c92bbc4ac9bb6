/** Dotted versions such as a CIB's crm_feature_set: compared number by number, a missing one counting as 0. */

/** Negative if `a` is the older one, 0 if they are the same version, positive if `a` is the newer one. */
export function compareDottedVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What follows the numbers, as in "1.2-rc1", is no part of the version. */
function numbers(version: string): readonly number[] {
  const known = /^\s*(\d+(?:\.\d+)*)/.exec(version)?.[1];
  return known === undefined ? [] : known.split(".").map(Number);
}
