/**
 * What the scheduler is given: the CIB, and what the controller knows beyond it, as constraints and attributes that
 * stand in the saved input and in every explanation.
 *
 * - A guest goes only where its disks are whole: `holdfast-disk-RESOURCE-NODE`, -INFINITY, unless it is there already.
 * - A node that cannot be ordered about, but may well be alive, is in maintenance: all on it is left as it is.
 */
import { compareText } from "../../base/compare.ts";
import { diskConstraint } from "../../formats/cib/disk-constraint.ts";
import {
  attribute,
  child,
  childrenNamed,
  element,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import { nodesOf } from "../cib/read/nodes.ts";
import { resourcesOf } from "../cib/read/resource-lookup.ts";
import { withSection } from "../cib/sections.ts";
import { attributeSet } from "../cib/status/transient-attributes.ts";
import { activeNodes } from "./active-nodes.ts";
import type { Readiness, ReadinessTable } from "./types.ts";

export type InputFacts = {
  /** Of each member that has joined, by name. */
  readonly readiness: ReadonlyMap<string, ReadinessTable>;
  /** Names of nodes that are left as they are. */
  readonly held: ReadonlySet<string>;
  /** This node has been part of a quorum before: only then no-quorum-policy=suicide makes it give itself up. */
  readonly hadQuorum?: boolean;
};

export type DiskConstraint = {
  readonly resource: string;
  readonly node: string;
  readonly reason: string;
};

export type PreparedInput = {
  readonly cib: XmlElement;
  readonly disks: readonly DiskConstraint[];
  /** Some nodes have not said yet which disks a resource needs. */
  readonly waitsForDisks: boolean;
};

const unknown: Readiness = {
  ready: false,
  reason: "its disks are not known yet",
  drbdResources: [],
};

export function scheduleInput(cib: XmlElement, facts: InputFacts): PreparedInput {
  const disks = diskConstraints(cib, facts.readiness);
  const waitsForDisks = disks.some(({ reason }) => reason === unknown.reason);
  const withFacts = withHeld(withConstraints(cib, disks), facts.held);
  return { cib: withPanic(withFacts, facts.hadQuorum === true), disks, waitsForDisks };
}

/** As Pacemaker's controller tells its scheduler that quorum was lost, and not only never there yet. */
function withPanic(cib: XmlElement, hadQuorum: boolean): XmlElement {
  if (!hadQuorum || attribute(cib, "have-quorum") !== "0") return cib;
  return { ...cib, attributes: { ...cib.attributes, "no-quorum-panic": "1" } };
}

function diskConstraints(
  cib: XmlElement,
  readiness: ReadonlyMap<string, ReadinessTable>,
): readonly DiskConstraint[] {
  const active = activeNodes(cib);
  const ids = new Map(nodesOf(cib).map((node) => [node.uname, node.id]));
  const names = [...readiness.keys()].sort(compareText);
  const primitives = resourcesOf(cib).filter(({ element: of }) => of.name === "primitive");
  return primitives.flatMap(({ element: of }) => {
    const resource = attribute(of, "id") ?? "";
    return names.flatMap((node) => {
      const table = readiness.get(node) ?? {};
      const own = Object.hasOwn(table, resource) ? table[resource] : undefined;
      const { ready, reason } = own ?? unknown;
      if (ready || active.get(resource)?.has(ids.get(node) ?? node)) return [];
      return [{ resource, node, reason }];
    });
  });
}

function withConstraints(cib: XmlElement, disks: readonly DiskConstraint[]): XmlElement {
  if (disks.length === 0) return cib;
  const added = disks.map(({ resource, node }) => diskConstraint(resource, node));
  const whole = withSection(cib, "constraints");
  return inside(whole, "configuration", (configuration) =>
    inside(configuration, "constraints", (section) => ({
      ...section,
      children: [...section.children, ...added],
    })),
  );
}

function withHeld(cib: XmlElement, held: ReadonlySet<string>): XmlElement {
  if (held.size === 0) return cib;
  return inside(cib, "status", (status) => ({
    ...status,
    children: status.children.map((state) =>
      held.has(attribute(state, "uname") ?? "") ? inMaintenance(state) : state,
    ),
  }));
}

function inMaintenance(state: XmlElement): XmlElement {
  const node = { id: attribute(state, "id") ?? "", uname: attribute(state, "uname") ?? "" };
  const [added] = attributeSet(node, { maintenance: "true" }).children;
  const old = child(state, "transient_attributes");
  const sets = old === undefined ? [] : childrenNamed(old, "instance_attributes");
  const pairs = sets
    .flatMap((set) => set.children)
    .filter((each) => attribute(each, "name") !== "maintenance");
  const merged = element("instance_attributes", { id: `status-${node.id}` }, [
    ...pairs,
    ...(added?.children ?? []),
  ]);
  const attributes = element("transient_attributes", { id: node.id }, [merged]);
  const rest = state.children.filter((each) => each.name !== "transient_attributes");
  return { ...state, children: [attributes, ...rest] };
}

function inside(
  of: XmlElement,
  name: string,
  change: (each: XmlElement) => XmlElement,
): XmlElement {
  return { ...of, children: of.children.map((each) => (each.name === name ? change(each) : each)) };
}
