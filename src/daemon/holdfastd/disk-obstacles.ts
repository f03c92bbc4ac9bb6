/** Where replicated disks keep a resource from being started, with what a person can do about it. */
import type { ReadinessTable } from "../../core/controller/types.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";

export type DiskObstacle = {
  readonly resource: string;
  readonly node: string;
  readonly reason: string;
  readonly remedy: string;
};

/** As the deciding node knows them; none on the others. */
export function diskObstacles(status: NodeStatus): readonly DiskObstacle[] {
  const tables = readinessOf(status);
  return (status.controller?.disks ?? []).map(({ resource, node, reason }) => {
    const drbdResources = tables.get(node)?.[resource]?.drbdResources ?? [];
    const remedy = remedyOf(reason, { node, drbdResources });
    return { resource, node, reason, remedy };
  });
}

/** Of each member that has joined, by name. */
export function readinessOf({
  self,
  readiness,
  controller,
}: NodeStatus): ReadonlyMap<string, ReadinessTable> {
  const joined = (controller?.members ?? []).filter(({ state }) => state === "joined");
  return new Map([
    ...joined.map((each) => [each.name, each.readiness] as const),
    [self, readiness],
  ]);
}

function remedyOf(
  reason: string,
  { node, drbdResources }: { readonly node: string; readonly drbdResources: readonly string[] },
): string {
  const named = drbdResources.filter((name) => reason.includes(name));
  const [first = "RESOURCE"] = named.length > 0 ? named : drbdResources;
  if (/whose copy may be the newer/.test(reason)) {
    return `Bring the other node back. Only if its copy is lost for good: holdfast drbd use-copy ${first} --node ${node}`;
  }
  if (/no disk server/.test(reason)) return `On ${node}: drbdadm up ${first}`;
  return `drbdadm status ${first}`;
}
