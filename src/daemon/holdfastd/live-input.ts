/** What the scheduler is given on the running cluster: the CIB with what only the deciding node knows. */
import { scheduleInput } from "../../core/controller/schedule-input.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { readinessOf } from "./disk-obstacles.ts";

export type LiveInput = {
  readonly cib: XmlElement;
  /** False on a node that does not decide: there the CIB alone is known. */
  readonly isWhole: boolean;
};

export function liveInput(cib: XmlElement, status: NodeStatus): LiveInput {
  const { controller } = status;
  if (controller === undefined) return { cib, isWhole: false };
  const held = controller.members
    .filter(({ state }) => state === "pending" || state === "silent")
    .map(({ name }) => name);
  const facts = { readiness: readinessOf(status), held: new Set(held) };
  return { cib: scheduleInput(cib, facts).cib, isWhole: true };
}
