/** What is held back because a node has too much to do, in words. */
import { formatOperationKey } from "../../formats/cib/operation-key.ts";
import { type LoadLevel, loadWords } from "./node-load.ts";
import type { GraphAction } from "./types.ts";

export type NodeUnderLoad = {
  readonly node: string;
  readonly level: LoadLevel;
  /** At a time. */
  readonly operations: number;
};

export type ClusterLoad = {
  readonly nodes: readonly NodeUnderLoad[];
  /** In the whole cluster at a time; infinite unless a node's load is high. */
  readonly operations: number;
};

/** Named in a sentence; of more only the number is told. */
const namedMax = 3;

export function loadSentence(
  held: readonly GraphAction[],
  { nodes, operations }: ClusterLoad,
): string {
  const loads = nodes.map(
    ({ node, level, operations: own }) =>
      `${node} has a ${loadWords[level]} load and gets ${counted(own)} at a time`,
  );
  if (Number.isFinite(operations)) loads.push(`the whole cluster gets ${counted(operations)}`);
  const named = held.slice(0, namedMax).map(describe).join(", ");
  const more = held.length > namedMax ? ` and ${held.length - namedMax} more` : "";
  return `${loads.join("; ")}: ${named}${more} ${held.length === 1 ? "waits" : "wait"}.`;
}

function counted(operations: number): string {
  return operations === 1 ? "one operation" : `${operations} operations`;
}

function describe({ key, operation, resource, node }: GraphAction): string {
  const own = formatOperationKey({
    resource: resource?.id ?? "",
    action: operation,
    intervalMs: 0,
  });
  return `${key === "" ? own : key} on ${node?.name ?? ""}`;
}
