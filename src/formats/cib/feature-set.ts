/** Dotted versions such as a CIB's crm_feature_set: compared number by number, a missing one counting as 0. */

/** Negative if `a` is the older one, 0 if they are the same version, positive if `a` is the newer one. */
export function compareDottedVersions(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = number(left[i]) - number(right[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function number(part: string | undefined): number {
  return Number(/^\d+/.exec(part ?? "")?.[0] ?? 0);
}
