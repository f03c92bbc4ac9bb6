/** What an operation of a resource is configured to be: looked up once for all nodes, for its actions and its digests. */
import { attribute } from "../../../formats/xml/xml-element.ts";
import { agentTraits } from "../model/agents.ts";
import type { ClusterNode, OperationTemplate, Resource } from "../model/types.ts";
import { paramsHaveRules } from "../unpack/resource-meta.ts";
import { findExact, findOperation } from "./operation-config.ts";
import { operationMeta } from "./operation-meta.ts";

export type OperationName = {
  readonly task: string;
  readonly intervalMs: number;
  readonly notifies: boolean;
};

export function operationTemplate(
  resource: Resource,
  node: ClusterNode | undefined,
  { task, intervalMs, notifies }: OperationName,
): OperationTemplate {
  const known = resource.operationTemplates.find(
    (each) => each.task === task && each.intervalMs === intervalMs && each.notifies === notifies,
  );
  if (known !== undefined) return known;
  const query = { task, intervalMs, disabledToo: true };
  let config = findOperation(resource, query);
  if (config === undefined && notifies) {
    config = findExact(resource, { task: "notify", intervalMs: 0, disabledToo: true });
  }
  const meta = operationMeta({ resource, node, task, intervalMs, config });
  const template = { task, intervalMs, notifies, config, meta };
  if (!dependsOnNode(resource)) resource.operationTemplates.push(template);
  return template;
}

/** A fence device's timeout may come from its parameters, and these from rules about nodes. */
function dependsOnNode(resource: Resource): boolean {
  return agentTraits(attribute(resource.xml, "class")).fenceParams && paramsHaveRules(resource);
}
