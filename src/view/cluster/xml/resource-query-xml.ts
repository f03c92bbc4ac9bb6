/** What crm_resource tells, in the XML of Pacemaker's tool. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { WhyReport } from "../../../api/cluster-why.ts";
import type { ResourceStatus } from "../../../decision/cluster-status.ts";
import { isActive } from "../crm-mon/resource-list.ts";
import { executionText } from "../execution-text.ts";
import type { ResourcePlace } from "../resource-places.ts";
import { type OperationLine, primitivesOf } from "../resource-queries.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";
import { resourceXml } from "./resource-xml.ts";

export function placesXml(resource: string, places: readonly ResourcePlace[]): XmlText {
  return {
    name: "nodes",
    attributes: { resource },
    children: places.map(({ node, promoted }) => ({
      name: "node",
      attributes: { state: promoted ? "promoted" : undefined },
      text: node,
    })),
  };
}

/** @param text the configuration, as XML. */
export function configXml(
  snapshot: ClusterSnapshot,
  resource: ResourceStatus,
  text: string,
): XmlText {
  return {
    name: "resource_config",
    attributes: {},
    children: [resourceXml(snapshot, resource), { name: "xml", attributes: {}, literal: text }],
  };
}

export function operationsXml(lines: readonly OperationLine[], times: TimeTexts): XmlText {
  const children = lines.map(({ operation, node, status, history }): XmlText => {
    const { key, callId, rc, opStatus, lastRcChangeS, execMs } = operation;
    return {
      name: "operation",
      attributes: {
        op: key,
        node,
        call: callId,
        rc,
        status: executionText(opStatus),
        rsc: status?.name ?? history.name,
        agent: status === undefined ? undefined : agentText(status.agent),
        "last-rc-change":
          lastRcChangeS === undefined ? undefined : times.full(lastRcChangeS * 1000),
        "exec-time": execMs,
      },
    };
  });
  return { name: "operations", attributes: {}, children };
}

/** CLASS:PROVIDER:TYPE, with an empty provider where there is none. */
function agentText(agent: string): string {
  const [agentClass = "", ...rest] = agent.split(":");
  const hasProvider = agentClass === "ocf";
  return hasProvider ? agent : `${agentClass}::${rest.join(":")}`;
}

/** The reasons themselves have no place in Pacemaker's form: they are in the text and the JSON. */
export function whyXml(
  { status }: ClusterSnapshot,
  report: WhyReport,
  asked: { readonly resource: string | undefined; readonly node: string | undefined },
): XmlText {
  const { resource, node } = asked;
  const activeOn = new Map(report.resources.map((each) => [each.resource, each.activeOn]));
  const isOn = (id: string): boolean =>
    node === undefined || activeOn.get(id)?.includes(node) === true;
  if (resource !== undefined) {
    const found = [...status.resources, ...primitivesOf(status.resources)].find(
      ({ id }) => id === resource,
    );
    const running = found !== undefined && isActive(status, found, "any");
    const attributes =
      node === undefined ? { running } : isOn(resource) ? { running_on: node } : { running: false };
    return { name: "reason", attributes, children: found === undefined ? [] : [checkXml(found)] };
  }
  const all: readonly ResourceStatus[] =
    node === undefined
      ? status.resources
      : primitivesOf(status.resources).filter(({ id }) => isOn(id));
  const children = all.map((each) => ({
    name: "resource",
    attributes: { id: each.id, running: isActive(status, each, "any"), host: node },
    children: [checkXml(each)],
  }));
  return {
    name: "reason",
    attributes: {},
    children: [{ name: "resources", attributes: {}, children }],
  };
}

function checkXml(of: ResourceStatus): XmlText {
  const isHeld = of.kind === "primitive" && of.heldUnpromoted !== undefined;
  return {
    name: "check",
    attributes: {
      id: of.id,
      remain_stopped: of.kind !== "bundle" && of.disabled ? true : undefined,
      promotable: isHeld ? false : undefined,
      unmanaged: of.managed ? undefined : true,
    },
  };
}
