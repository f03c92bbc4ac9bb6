/** crm_resource --constraints: the location and colocation constraints of a resource, and of what they lead to. */
import type {
  ColocationLine,
  LocationLine,
  ResourceConstraints,
} from "../../api/cluster-constraints.ts";
import { UserError } from "../../api/user-error.ts";
import type { WallTime } from "../../base/time.ts";
import { endOf } from "../../core/cib/edit/cli-constraints.ts";
import { sectionChildren } from "../../core/cib/sections.ts";
import { findResource } from "../../core/scheduler/model/find-resource.ts";
import { configuredId, topResource } from "../../core/scheduler/model/resources.ts";
import type { Colocation, Resource } from "../../core/scheduler/model/types.ts";
import { readCluster } from "../../core/scheduler/plan.ts";
import { readConstraints } from "../../core/scheduler/unpack/constraints/read-constraints.ts";
import { type Role, role, roleName } from "../../core/scheduler/values/role.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";

/** @throws UserError HF4008 when there is no such resource. */
export function resourceConstraints(
  cib: XmlElement,
  now: WallTime,
  asked: { readonly resource: string; readonly itself: boolean },
): ResourceConstraints {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  readConstraints(cluster);
  // What is cloned stands for its instances.
  const { resource: id } = asked;
  const found = findResource(cluster, id) ?? findResource(cluster, `${id}:0`);
  if (found === undefined) {
    throw new UserError("HF4008", `There is no resource "${asked.resource}".`, { exit: 105 });
  }
  // Constraints bind the whole of which it is a part.
  const resource = asked.itself ? found : topResource(found);
  const constraints = new Map(
    sectionChildren(cib, "constraints").map((each) => [attribute(each, "id") ?? "", each]),
  );
  const of = { constraints, told: new Set<Resource>() };
  return {
    resource: shownId(resource),
    locations: locationsOf(resource, of),
    with: colocationsOf(resource, "with", of),
    by: colocationsOf(resource, "by", { ...of, told: new Set() }),
  };
}

type Walk = {
  readonly constraints: ReadonlyMap<string, XmlElement>;
  /** Followed so far. */
  readonly told: Set<Resource>;
};

function colocationsOf(
  resource: Resource,
  direction: "with" | "by",
  walk: Walk,
): readonly ColocationLine[] {
  if (walk.told.has(resource)) return [];
  walk.told.add(resource);
  const all = direction === "with" ? resource.thisWith : resource.withThis;
  return all
    .filter(({ explicit }) => explicit)
    .map((colocation) => lineOf(colocation, direction, walk));
}

function lineOf(colocation: Colocation, direction: "with" | "by", walk: Walk): ColocationLine {
  const { id, dependent, primary, score, dependentRole, primaryRole } = colocation;
  const other = direction === "with" ? primary : dependent;
  const isLoop = walk.told.has(other);
  return {
    ...{ id, resource: shownId(dependent), withResource: shownId(primary), score },
    role: roleText(dependentRole),
    withRole: roleText(primaryRole),
    nodeAttribute: colocation.attribute === "#uname" ? undefined : colocation.attribute,
    isLoop,
    locations: isLoop ? [] : locationsOf(other, walk),
    further: colocationsOf(other, direction, walk),
  };
}

function locationsOf(resource: Resource, { constraints }: Walk): readonly LocationLine[] {
  return resource.locations.toReversed().flatMap(({ id, role: forRole, nodes }) => {
    const constraint = constraints.get(id);
    return nodes.toReversed().map(
      ({ node, score }): LocationLine => ({
        ...{ id, resource: shownId(resource), node: node.name, score },
        role: roleText(forRole),
        until: constraint && endOf(constraint),
      }),
    );
  });
}

function shownId(resource: Resource): string {
  return resource.parent === undefined ? resource.id : configuredId(resource);
}

function roleText(of: Role): string | undefined {
  return of === role.unknown ? undefined : roleName(of);
}
