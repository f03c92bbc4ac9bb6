/** <rsc_colocation>: resources that run together, or apart. */

import { parseScore } from "../../../../decision/score.ts";
import { booleanOr } from "../../../../formats/cib/cib-boolean.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { findForConstraint } from "../../model/find-resource.ts";
import { configError } from "../../model/issues.ts";
import type { Cluster, Resource } from "../../model/types.ts";
import { newColocation } from "../../place/new-colocation.ts";
import { resolveReference } from "../references.ts";
import { rewriteSides, setMembers } from "./sides.ts";

const rewrite = {
  sides: [
    { name: "rsc", detail: "rsc-role", detailInSet: "role" },
    { name: "with-rsc", detail: "with-rsc-role", detailInSet: "role" },
  ],
  together: true,
  bothMayBeTags: false,
};

type Common = {
  readonly id: string;
  readonly score: number;
  readonly influence: string | undefined;
};

export function readColocation(cluster: Cluster, given: XmlElement): void {
  const constraint = rewriteSides(cluster, given, rewrite);
  if (constraint === undefined) return;
  const id = attribute(constraint, "id") as string;
  const score = parseScore(attribute(constraint, "score") ?? "0", cluster.healthScores);
  if (score === undefined) {
    configError(cluster, `constraint ${id}: the score is not valid`);
    return;
  }
  const common = { id, score, influence: attribute(constraint, "influence") };
  let last: XmlElement | undefined;
  for (const each of childrenNamed(constraint, "resource_set")) {
    const set = resolveReference(cluster, each);
    if (set === undefined) return;
    colocateWithin(cluster, set, common);
    if (last !== undefined) colocateSets(cluster, last, set, common);
    last = set;
  }
  if (last === undefined) readSimple(cluster, constraint, common);
}

function readSimple(cluster: Cluster, constraint: XmlElement, common: Common): void {
  const dependent = findForConstraint(cluster, attribute(constraint, "rsc"));
  const primary = findForConstraint(cluster, attribute(constraint, "with-rsc"));
  if (dependent === undefined || primary === undefined) {
    configError(cluster, `constraint ${common.id}: a resource does not exist`);
    return;
  }
  newColocation({
    id: common.id,
    score: common.score,
    dependent,
    primary,
    dependentRole: attribute(constraint, "rsc-role"),
    primaryRole: attribute(constraint, "with-rsc-role"),
    attribute: attribute(constraint, "node-attribute"),
    influence: hasInfluence(dependent, common.influence),
    explicit: true,
  });
}

/** The dependent's preferences move the primary too, unless it is not critical or influence says otherwise. */
function hasInfluence(dependent: Resource, text: string | undefined): boolean {
  return booleanOr(text, dependent.critical);
}

/** Each member with the one before; with a negative score, each apart from all before. */
function colocateWithin(cluster: Cluster, set: XmlElement, common: Common): void {
  const own = attribute(set, "score");
  const score = own === undefined ? common.score : parseScore(own, cluster.healthScores);
  if (score === undefined || score === 0 || isUnordered(set)) return;
  const withPrevious = (attribute(set, "ordering") ?? "group").toLowerCase() === "group";
  const members: Resource[] = [];
  for (const name of setMembers(set)) {
    const member = findForConstraint(cluster, name);
    if (member === undefined) {
      configError(cluster, `constraint ${common.id}: no resource '${name}'`);
      return;
    }
    const partners = score > 0 ? members.slice(-1) : members.filter((other) => other !== member);
    for (const partner of partners) {
      const reverse = score > 0 && !withPrevious;
      newColocation({
        id: attribute(set, "id") ?? common.id,
        score,
        dependent: reverse ? partner : member,
        primary: reverse ? member : partner,
        dependentRole: attribute(set, "role"),
        primaryRole: attribute(set, "role"),
        influence: hasInfluence(member, common.influence),
        explicit: true,
      });
    }
    members.push(member);
  }
}

function isUnordered(set: XmlElement): boolean {
  return !booleanOr(attribute(set, "sequential"), true);
}

/** The first of a sequential set, or every member, with the last of the other, or every member. */
function colocateSets(
  cluster: Cluster,
  dependents: XmlElement,
  primaries: XmlElement,
  common: Common,
): void {
  if (common.score === 0) return;
  const all = (set: XmlElement): (Resource | undefined)[] =>
    setMembers(set).map((name) => findForConstraint(cluster, name));
  let first = all(dependents);
  let second = all(primaries);
  if (!isUnordered(dependents)) first = first.slice(0, 1);
  if (!isUnordered(primaries)) second = second.slice(-1);
  for (const dependent of first) {
    for (const primary of second) {
      if (dependent === undefined || primary === undefined) {
        configError(cluster, `constraint ${common.id}: a set names a resource that does not exist`);
        continue;
      }
      newColocation({
        id: common.id,
        score: common.score,
        dependent,
        primary,
        dependentRole: attribute(dependents, "role"),
        primaryRole: attribute(primaries, "role"),
        influence: hasInfluence(dependent, common.influence),
        explicit: true,
      });
    }
  }
}
