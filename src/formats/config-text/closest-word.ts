/** Which known word a misspelt one resembles: for remedies only, never to act on. */

/**
 * The candidate with the fewest edits (insert, delete, replace, swap of neighbours), if those are at most a third
 * of the word's length, rounded up, and at most 3. Among equals the first. None for an exact match's sake: a word
 * that is a candidate resembles itself.
 */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  const budget = Math.min(3, Math.ceil(word.length / 3));
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestEdits = budget + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestEdits) continue;
    const edits = editDistance(wanted, candidate.toLowerCase());
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** Damerau-Levenshtein distance in its restricted form (a swapped pair is not edited again). */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: width }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j < width; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
