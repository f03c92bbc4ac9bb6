/** Tasks of groups, clones and bundles have an end of their own: start … running, stop … stopped. */
import type { Resource } from "../model/types.ts";

const ends: Readonly<Record<string, string>> = {
  stop: "stopped",
  start: "running",
  notify: "notified",
  promote: "promoted",
  demote: "demoted",
};

const begins: Readonly<Record<string, string>> = {
  stopped: "stop",
  running: "start",
  promoted: "promote",
  demoted: "demote",
};

const known: ReadonlySet<string> = new Set([
  ...Object.entries(ends).flat(),
  "monitor",
  "do_shutdown",
  "stonith",
]);

/** The task whose end is meant: the end itself, or that of a task that has one. */
export function endOf(task: string): string | undefined {
  if (Object.hasOwn(ends, task)) return ends[task];
  return Object.hasOwn(begins, task) || task === "notified" ? task : undefined;
}

/** What a member does when its collective's task is this: a primitive's start ends when it ends. */
export function memberTask(member: Resource, task: string): string {
  if (!known.has(task)) return "no_action";
  if (member.variant !== "primitive" || !Object.hasOwn(begins, task)) return task;
  return begins[task] as string;
}
