/** What is done on a node, as a person would say it. */

export type DoneStep = {
  readonly task: string;
  readonly resource?: string | undefined;
  readonly node: string;
  readonly intervalMs: number;
};

/** Undefined for what nobody would see: notifications, and looking whether something runs. */
export function stepText({ task, resource, node, intervalMs }: DoneStep): string | undefined {
  if (task === "notify" || (task === "monitor" && intervalMs === 0)) return undefined;
  if (task === "stonith") return `fence ${node}`;
  if (task === "monitor") return `watch ${resource} on ${node} every ${intervalMs / 1000} s`;
  const what = resource === undefined ? "" : ` ${resource}`;
  return `${task.replaceAll("_", " ")}${what} on ${node}`;
}
