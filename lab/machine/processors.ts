/** The processors on which this process may run (proc(5), Cpus_allowed_list). */
import { readFileSync } from "node:fs";

/** @returns as taskset takes it: "0-3,8". */
export function allowedProcessors(): string {
  const status = readFileSync("/proc/self/status", "utf8");
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "0";
}

/** @param list "0-3,8" and the like. */
export function processorNumbers(list: string): readonly number[] {
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
