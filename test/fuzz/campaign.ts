/**
 * Runs a target on inputs of a seed. Input i of a seed is always the same, whatever ran before it: so a failing one is
 * named by two numbers.
 */
import v8 from "node:v8";
import vm from "node:vm";
import { Prng } from "../../src/base/prng.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { shrinkInput } from "./shrink-input.ts";

/** An input that takes longer, three times in a row, of the processor's time, has found something that is not linear. */
const slowMs = 500;
/** What a decoder may keep between the first tenth of a campaign and its end. */
const heapGrowthMax = 16 * 1024 * 1024;
const failuresMax = 5;

export type Failure = {
  readonly input: number;
  readonly bytes: Uint8Array;
  readonly shrunk: Uint8Array;
  readonly error: string;
};

export type CampaignResult = {
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  readonly elapsedMs: number;
  readonly slowestMs: number;
  readonly heapGrowthBytes: number;
  readonly failures: readonly Failure[];
  /** Memory that grew, or a decoder that reads or refuses everything: the campaign itself has failed. */
  readonly fault?: string;
};

export type CampaignOptions = {
  readonly seed: bigint;
  /** The inputs from `first` on. */
  readonly first?: number;
  readonly inputs: number;
  readonly onInput?: (input: number) => void;
};

export function runCampaign(target: FuzzTarget, options: CampaignOptions): CampaignResult {
  const { seed, first = 0, inputs, onInput } = options;
  const failures: Failure[] = [];
  let read = 0;
  let refused = 0;
  let slowestMs = 0;
  let heapBefore = 0;
  const began = performance.now();
  const warm = first + Math.ceil(inputs / 10);
  let last = began;
  let input = first;
  for (; input < first + inputs && failures.length < failuresMax; input++) {
    if (input === warm) {
      heapBefore = heapAfterCollection();
      last = performance.now();
    }
    onInput?.(input);
    const bytes = inputOf(target, seed, input);
    const error = failureOf(
      target,
      bytes,
      () => read++,
      () => refused++,
    );
    const now = performance.now();
    const tookMs = now - last;
    last = now;
    if (tookMs > slowestMs) slowestMs = tookMs;
    const slow = error === undefined && tookMs > slowMs && isSlow(target, bytes);
    const words = error ?? (slow ? `takes more than ${slowMs} ms` : undefined);
    if (words !== undefined) {
      const fails = (candidate: Uint8Array): boolean => failureOf(target, candidate) !== undefined;
      const shrunk = error === undefined ? bytes : shrinkInput(bytes, fails);
      failures.push({ input, bytes, shrunk, error: words });
      last = performance.now();
    }
  }
  const heapGrowthBytes = heapBefore === 0 ? 0 : heapAfterCollection() - heapBefore;
  const fault = faultOf({ read, refused, heapGrowthBytes, done: input - first });
  return {
    inputs: input - first,
    read,
    refused,
    elapsedMs: performance.now() - began,
    slowestMs,
    heapGrowthBytes,
    failures,
    ...(fault === undefined ? {} : { fault }),
  };
}

export function inputOf(target: FuzzTarget, seed: bigint, input: number): Uint8Array {
  return target.make(new Prng((seed << 32n) ^ BigInt(input)));
}

/** The words of what an input breaks; undefined when nothing. */
export function failureOf(
  target: FuzzTarget,
  bytes: Uint8Array,
  onRead?: () => void,
  onRefused?: () => void,
): string | undefined {
  try {
    if (target.run(bytes) === "read") onRead?.();
    else onRefused?.();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** A campaign that sees only one outcome tests nothing: its inputs are all broken, or all whole. */
function faultOf(seen: {
  readonly read: number;
  readonly refused: number;
  readonly heapGrowthBytes: number;
  readonly done: number;
}): string | undefined {
  const { read, refused, heapGrowthBytes, done } = seen;
  if (heapGrowthBytes > heapGrowthMax) {
    return `the heap grew by ${Math.round(heapGrowthBytes / 1024)} KiB`;
  }
  if (done < 1000) return undefined;
  if (read < done / 100) return `only ${read} of ${done} inputs were read`;
  if (refused < done / 100) return `only ${refused} of ${done} inputs were refused`;
  return undefined;
}

function isSlow(target: FuzzTarget, bytes: Uint8Array): boolean {
  for (let i = 0; i < 3; i++) {
    // On a busy machine a program that the target starts is waited for, too.
    const before = process.cpuUsage();
    target.run(bytes);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 <= slowMs) return false;
  }
  return true;
}

let collect: (() => void) | undefined;

function heapAfterCollection(): number {
  if (collect === undefined) {
    v8.setFlagsFromString("--expose-gc");
    collect = vm.runInNewContext("gc") as () => void;
  }
  // What the first collection has found unused, the second has given back.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
