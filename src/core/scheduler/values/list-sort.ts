/**
 * A stable merge sort that splits lists as linked-list sorts do. For comparisons that are orders it gives what
 * Array.sort gives; some of the scheduler's comparisons are no orders (pending operations compare equal to
 * everything), and then the result depends on the pairs that are compared, which the recorded cases fix.
 */
export function listSort<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  const sorted = items.slice();
  if (sorted.length > 1) sortRange({ sorted, left: [], compare }, 0, sorted.length);
  return sorted;
}

type Sorting<T> = {
  readonly sorted: T[];
  /** Room for the left half while the two are merged. */
  readonly left: T[];
  readonly compare: (a: T, b: T) => number;
};

function sortRange<T>(sorting: Sorting<T>, from: number, to: number): void {
  const middle = from + ((to - from) >> 1);
  if (middle - from > 1) sortRange(sorting, from, middle);
  if (to - middle > 1) sortRange(sorting, middle, to);
  const { sorted, left, compare } = sorting;
  const leftLength = middle - from;
  for (let i = 0; i < leftLength; i++) left[i] = sorted[from + i] as T;
  let at = from;
  let i = 0;
  let j = middle;
  while (i < leftLength && j < to) {
    const takesLeft = compare(left[i] as T, sorted[j] as T) <= 0;
    sorted[at++] = takesLeft ? (left[i++] as T) : (sorted[j++] as T);
  }
  while (i < leftLength) sorted[at++] = left[i++] as T;
}
