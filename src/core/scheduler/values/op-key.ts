/** Keys of operations: RESOURCE_TASK_INTERVAL, the interval in milliseconds. */
export function opKey(resource: string, task: string, intervalMs: number): string {
  return `${resource}_${task}_${intervalMs}`;
}

/** Keys of the notifications around a task. */
export function notifyKey(resource: string, when: string, task: string): string {
  return `${resource}_${when}_notify_${task}_0`;
}

export type OpKey = {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
};

const tasksWithUnderbar = ["migrate_from", "migrate_to"];
const notifyPrefixes = [
  "pre_notify",
  "post_notify",
  "confirmed-pre_notify",
  "confirmed-post_notify",
];

/** Resource names and tasks may both contain underbars: the known tasks that do are looked for first. */
export function parseOpKey(key: string): OpKey | undefined {
  const intervalAt = key.lastIndexOf("_", key.length - 2);
  if (intervalAt <= 2) return undefined;
  const intervalMs = Number.parseInt(key.slice(intervalAt + 1), 10) || 0;
  let taskAt = endsBefore(key, intervalAt, tasksWithUnderbar);
  if (taskAt === 0) {
    taskAt = key.lastIndexOf("_", intervalAt - 2);
    if (taskAt <= 0) return undefined;
  }
  const prefixed = endsBefore(key, taskAt, notifyPrefixes);
  if (prefixed !== 0) taskAt = prefixed;
  return { resource: key.slice(0, taskAt), task: key.slice(taskAt + 1, intervalAt), intervalMs };
}

/** Where the underbar before one of the words stands, when the word ends at `position`; else 0. */
function endsBefore(key: string, position: number, words: readonly string[]): number {
  for (const word of words) {
    const at = position - word.length - 1;
    if (at > 0 && key[at] === "_" && key.startsWith(word, at + 1)) return at;
  }
  return 0;
}
