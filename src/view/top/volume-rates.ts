/** How much a volume does, from its counters at two moments. */
import type { DiskCounters, DiskResourceStatus } from "../../api/disk-status.ts";

/** KiB/s. `net` is what went to the peer and came from it. */
export type VolumeRates = {
  readonly writeKibPerS: number;
  readonly readKibPerS: number;
  readonly netKibPerS: number;
};

export type CounterSample = {
  readonly atMs: number;
  /** By `RESOURCE/VOLUME`. */
  readonly counters: ReadonlyMap<string, DiskCounters>;
};

export function sampleOf(statuses: readonly DiskResourceStatus[], atMs: number): CounterSample {
  const counters = new Map(
    statuses.flatMap(({ name, volumes }) =>
      volumes.map((volume) => [`${name}/${volume.volume}`, volume.counters] as const),
    ),
  );
  return { atMs, counters };
}

/** Undefined where there is nothing to compare with. */
export function ratesOf(
  volume: string,
  before: CounterSample | undefined,
  now: CounterSample,
): VolumeRates | undefined {
  const old = before?.counters.get(volume);
  const current = now.counters.get(volume);
  if (before === undefined || old === undefined || current === undefined) return undefined;
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0) return undefined;
  // Counters begin at zero again when a disk is attached anew.
  const rate = (of: (counters: DiskCounters) => number): number =>
    Math.max(0, of(current) - of(old)) / seconds;
  return {
    writeKibPerS: rate((counters) => counters.writtenKib),
    readKibPerS: rate((counters) => counters.readKib),
    netKibPerS: rate((counters) => counters.sentKib + counters.receivedKib),
  };
}
