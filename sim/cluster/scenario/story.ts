/** What a story is told with. */
import type { WhyReport } from "../../../src/api/cluster-why.ts";
import type { WallTime } from "../../../src/base/time.ts";
import type { NodeStatus } from "../../../src/core/node/node-status.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { Administrator } from "../administrator.ts";
import type { SimCluster } from "../sim-cluster.ts";

/** What `holdfast why` answers on a node, of all resources: its daemon's page, given by who tells the story. */
export type AskWhy = (cib: XmlElement, status: NodeStatus, now: WallTime) => WhyReport;

export type Story = {
  readonly cluster: SimCluster;
  readonly person: Administrator;
  readonly askWhy: AskWhy | undefined;
};

export function durationMs(text: string): number {
  const found = /^(\d+)(ms|s|min|h)$/.exec(text);
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
  return found === null ? 0 : Number(found[1]) * (units[found[2] ?? ""] ?? 0);
}
