/**
 * A stable merge sort that splits lists as linked-list sorts do. For comparisons that are orders it gives what
 * Array.sort gives; some of the scheduler's comparisons are no orders (pending operations compare equal to
 * everything), and then the result depends on the pairs that are compared, which the recorded cases fix.
 */
export function listSort<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  if (items.length < 2) return [...items];
  const half = items.length >> 1;
  const left = listSort(items.slice(0, half), compare);
  const right = listSort(items.slice(half), compare);
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (compare(left[i] as T, right[j] as T) <= 0) merged.push(left[i++] as T);
    else merged.push(right[j++] as T);
  }
  while (i < left.length) merged.push(left[i++] as T);
  while (j < right.length) merged.push(right[j++] as T);
  return merged;
}
