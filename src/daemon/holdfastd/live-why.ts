/** Why resources are where they are, as the running cluster knows it: with its disks, and with what a person should know. */
import type { NodeWhy, WhyLine, WhyReport } from "../../api/cluster-why.ts";
import type { WallTime } from "../../base/time.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { type WhyQuestion, whyReport } from "../cluster-methods/why-report.ts";
import { type DiskObstacle, diskObstacles } from "./disk-obstacles.ts";
import { liveInput } from "./live-input.ts";

/** That fencing is off. */
const saidByTheReport = "HF6114";

export function liveWhy(
  cib: XmlElement,
  status: NodeStatus,
  asked: { readonly now: WallTime; readonly question: WhyQuestion },
): WhyReport {
  const obstacles = diskObstacles(status);
  const report = whyReport(liveInput(cib, status).cib, asked.now, asked.question);
  const more = status.attention
    .filter(({ code }) => code !== saidByTheReport)
    .map(({ message, remedy }): WhyLine => ({ text: message, remedy }));
  return {
    ...report,
    general: [...report.general, ...more],
    resources: report.resources.map((resource) => ({
      ...resource,
      nodes: resource.nodes.map((node) => withDisks(node, resource.resource, obstacles)),
    })),
  };
}

/** The disk's own reason instead of the constraint that is made of it. */
function withDisks(node: NodeWhy, resource: string, obstacles: readonly DiskObstacle[]): NodeWhy {
  const obstacle = obstacles.find((each) => each.node === node.node && each.resource === resource);
  if (obstacle === undefined) return node;
  const lines = node.lines.filter(({ text }) => !text.includes("holdfast-disk-"));
  const text = `Its disks do not allow it: ${obstacle.reason}.`;
  return { ...node, lines: [...lines, { text, remedy: obstacle.remedy }] };
}
