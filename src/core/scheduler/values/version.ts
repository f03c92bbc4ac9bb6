/** Compares dotted versions number by number; missing numbers are 0, and what follows the numbers does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function numbers(version: string): number[] {
  const match = /^\s*(\d+(?:\.\d+)*)/.exec(version);
  return match === null ? [] : (match[1] as string).split(".").map(Number);
}
