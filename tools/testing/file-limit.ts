/**
 * Ends a test file whose process is stuck. node:test's own time limit is kept by the process that runs the tests, and so
 * not by one that is busy for ever; this one is kept from outside.
 */
import { commandLineOf, processesWithParent } from "../../lab/machine/process-identity.ts";
import type { TestEvent } from "./test-report.ts";

export type FileLimits = {
  onEvent(event: TestEvent): void;
  close(): void;
};

/** @param limitMs how long a file may take, from the start of its process. */
export function newFileLimits(limitMs: number): FileLimits {
  const timers = new Map<string, NodeJS.Timeout>();
  const clear = (file: string): void => {
    clearTimeout(timers.get(file));
    timers.delete(file);
  };
  return {
    onEvent: ({ type, data }) => {
      const { file, name } = data;
      if (file === undefined || name !== file) return;
      if (type === "test:dequeue") timers.set(file, setTimeout(endProcessOf, limitMs, file));
      if (type === "test:complete") clear(file);
    },
    close: () => {
      for (const file of timers.keys()) clear(file);
    },
  };
}

function endProcessOf(file: string): void {
  for (const pid of processesWithParent(process.pid)) {
    if (commandLineOf(pid).split(" ").includes(file)) process.kill(pid, "SIGKILL");
  }
}
