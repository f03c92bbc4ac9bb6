/** Whole seconds of a timeout in ms: at least 1 unless it is 0, halves rounded up. */
export function wholeSeconds(milliseconds: number): number {
  if (milliseconds === 0) return 0;
  return milliseconds < 1000 ? 1 : Math.floor(milliseconds / 1000 + 0.5);
}
