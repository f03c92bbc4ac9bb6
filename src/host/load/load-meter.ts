/** The load that Linux tells (proc(5), /proc/loadavg). */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { LoadMeter } from "../../ports/load.ts";

/** @param file of Linux. */
export function hostLoadMeter(file: string = "/proc/loadavg"): LoadMeter {
  return {
    read: () => {
      const oneMinute = Number.parseFloat(textOf(file));
      return Number.isNaN(oneMinute)
        ? undefined
        : { oneMinute, processors: availableParallelism() };
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // A system that has no such file.
    return "";
  }
}
