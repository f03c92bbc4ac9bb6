/**
 * Ends this process when an input does not come to an end: a decoder that runs in a circle cannot be stopped from its
 * own thread. The watching thread sees two numbers: which target and input are under way.
 */
import { writeSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const lookEveryMs = 1000;
/** Of the wall clock, on a busy machine: thousands of times what any input takes. */
const hangsAfterMs = 60_000;

type Watched = {
  readonly progress: SharedArrayBuffer;
  readonly targets: readonly string[];
  readonly seed: string;
};

export type HangWatch = {
  begin(target: number, input: number): void;
  close(): Promise<void>;
};

export function watchForHangs(targets: readonly string[], seed: bigint): HangWatch {
  const progress = new SharedArrayBuffer(16);
  const numbers = new Float64Array(progress);
  const data: Watched = { progress, targets, seed: `${seed}` };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  worker.unref();
  return {
    begin: (target, input) => {
      numbers[0] = target;
      numbers[1] = input;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

if (!isMainThread) watch(workerData as Watched);

function watch({ progress, targets, seed }: Watched): void {
  const numbers = new Float64Array(progress);
  let last = "";
  let since = performance.now();
  setInterval(() => {
    const [target = 0, input = 0] = numbers;
    const place = `${target} ${input}`;
    if (place !== last) {
      last = place;
      since = performance.now();
    } else if (performance.now() - since > hangsAfterMs) {
      const again = `npm run fuzz -- ${targets[target]} --seed ${seed} --input ${input}`;
      writeSync(2, `${targets[target]}: input ${input} does not end\n  again: ${again}\n`);
      process.kill(process.pid, "SIGKILL");
    }
  }, lookEveryMs);
}
