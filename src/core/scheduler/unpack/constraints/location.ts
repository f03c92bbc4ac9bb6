/** <rsc_location>: scores of resources on nodes, by name or by rule. */

import { parseScore } from "../../../../decision/score.ts";
import { compilePattern } from "../../../../formats/cib/pattern/pattern.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../../formats/xml/xml-element.ts";
import { findForConstraint } from "../../model/find-resource.ts";
import { configError, configWarning } from "../../model/issues.ts";
import { newLocation } from "../../model/location.ts";
import { findNode } from "../../model/nodes.ts";
import type { Cluster, ClusterNode, Resource } from "../../model/types.ts";
import { expandSubmatches } from "../../rules/attribute-expression.ts";
import { type RuleInput, ruleHolds } from "../../rules/evaluate-rule.ts";
import { parseRole, type Role, role } from "../../values/role.ts";
import { nodeAttribute } from "../node-attributes.ts";
import { ruleContext } from "../nvpairs.ts";
import { resolveReference } from "../references.ts";
import { paramsOn } from "../resource-meta.ts";
import { rewriteSides, setMembers } from "./sides.ts";

const rewrite = {
  sides: [{ name: "rsc", detail: "role", detailInSet: "role" }],
  together: false,
  bothMayBeTags: true,
};

export function readLocation(cluster: Cluster, given: XmlElement): void {
  const constraint = rewriteSides(cluster, given, rewrite);
  if (constraint === undefined || isOver(cluster, constraint)) return;
  const sets = childrenNamed(constraint, "resource_set");
  for (const each of sets) {
    const set = resolveReference(cluster, each);
    if (set === undefined || !readSet(cluster, constraint, set)) return;
  }
  if (sets.length === 0) readSimple(cluster, constraint);
}

/**
 * <lifetime>, an older form: the constraint is one while any of its rules holds. (The upgrade of Pacemaker 3.0.2 leaves
 * such a constraint without its score; that it means what it meant is kept.)
 */
function isOver(cluster: Cluster, constraint: XmlElement): boolean {
  const lifetime = child(constraint, "lifetime");
  const rules = lifetime === undefined ? [] : childrenNamed(lifetime, "rule");
  const context = ruleContext(cluster, { now: cluster.now });
  return rules.length > 0 && !rules.some((rule) => ruleHolds(rule, context));
}

function readSet(cluster: Cluster, constraint: XmlElement, set: XmlElement): boolean {
  for (const id of setMembers(set)) {
    const resource = findForConstraint(cluster, id);
    if (resource === undefined) {
      configError(cluster, `constraint ${attribute(constraint, "id")}: no resource '${id}'`);
      return false;
    }
    constrain(constraint, resource, {
      role: attribute(set, "role"),
      score: attribute(set, "score"),
    });
  }
  return true;
}

function readSimple(cluster: Cluster, constraint: XmlElement): void {
  const name = attribute(constraint, "rsc");
  if (name !== undefined) {
    const resource = findForConstraint(cluster, name);
    if (resource !== undefined) constrain(constraint, resource, {});
    else configWarning(cluster, `constraint ${attribute(constraint, "id")}: no resource '${name}'`);
  }
  const pattern = attribute(constraint, "rsc-pattern");
  if (pattern !== undefined) readPattern(cluster, constraint, pattern);
}

/** A regular expression over the ids of the outermost resources; "!" in front inverts it. */
function readPattern(cluster: Cluster, constraint: XmlElement, pattern: string): void {
  const invert = pattern.startsWith("!");
  const compiled = compilePattern(invert ? pattern.slice(1) : pattern);
  const where = `constraint ${attribute(constraint, "id")}: '${pattern}'`;
  if (!compiled.ok) {
    configError(cluster, `${where} is no pattern (${compiled.error})`);
    return;
  }
  for (const resource of cluster.resources) {
    const match = compiled.value.find(resource.id) ?? null;
    if (compiled.value.isSpent) {
      configError(
        cluster,
        `${where} has too many ways to match '${resource.id}': it is not applied`,
      );
      return;
    }
    if (!invert && match !== null) constrain(constraint, resource, { submatches: [...match] });
    else if (invert && match === null) constrain(constraint, resource, {});
  }
}

type Extra = {
  readonly role?: string | undefined;
  readonly score?: string | undefined;
  readonly submatches?: readonly (string | undefined)[];
};

function constrain(constraint: XmlElement, resource: Resource, extra: Extra): void {
  const { cluster } = resource;
  const id = attribute(constraint, "id") as string;
  const mode = attribute(constraint, "resource-discovery");
  const nodeName = attribute(constraint, "node");
  const scoreText = extra.score ?? attribute(constraint, "score");
  if (nodeName === undefined || scoreText === undefined) {
    for (const rule of childrenNamed(constraint, "rule")) {
      applyRule(rule, resource, { id, mode, submatches: extra.submatches });
    }
    return;
  }
  const node = findNode(cluster, nodeName);
  if (node === undefined) return;
  const score = parseScore(scoreText, cluster.healthScores);
  const roleName = extra.role ?? attribute(constraint, "role");
  const forRole = locationRole(roleName);
  if (score === undefined || forRole === undefined) {
    configError(
      cluster,
      `constraint ${id}: score '${scoreText}' or role '${roleName}' is not valid`,
    );
    return;
  }
  const location = newLocation(id, resource, mode, [{ node, score }]);
  location.role = forRole;
}

type RuleUse = {
  readonly id: string;
  readonly mode: string | undefined;
  readonly submatches: readonly (string | undefined)[] | undefined;
};

/** The nodes on which the rule holds get its score, or the value of the node attribute it names. */
function applyRule(given: XmlElement, resource: Resource, use: RuleUse): void {
  const { cluster } = resource;
  const rule = resolveReference(cluster, given);
  if (rule === undefined) return;
  const forRole = locationRole(attribute(rule, "role"));
  const scoreAttribute = attribute(rule, "score-attribute");
  const fixed = parseScore(attribute(rule, "score") ?? "0", cluster.healthScores);
  const noScore = scoreAttribute === undefined && attribute(rule, "score") === undefined;
  if (forRole === undefined || fixed === undefined || noScore) {
    configError(cluster, `constraint ${use.id}: a rule has no valid role or score`);
    return;
  }
  const nodes: { node: ClusterNode; score: number }[] = [];
  for (const node of cluster.nodes) {
    const input: RuleInput = {
      now: cluster.now,
      nodeAttributes: node.attributes,
      params: paramsOn(resource, node),
      meta: resource.meta,
      submatches: use.submatches,
    };
    if (!ruleHolds(rule, ruleContext(cluster, input))) continue;
    const score =
      scoreAttribute === undefined
        ? fixed
        : attributeScore(resource, node, expandSubmatches(scoreAttribute, use.submatches));
    if (score !== undefined) nodes.push({ node, score });
  }
  const location = newLocation(attribute(rule, "id") ?? use.id, resource, use.mode, nodes);
  location.role = forRole;
}

function attributeScore(resource: Resource, node: ClusterNode, name: string): number | undefined {
  const target = resource.meta.get("container-attribute-target");
  const text = nodeAttribute(node, name, target);
  if (text === undefined || text === "") return undefined;
  return parseScore(text, resource.cluster.healthScores);
}

/** Whatever shall be promoted must run first, so a constraint on a lower role is one on every role. */
function locationRole(name: string | undefined): Role | undefined {
  if (name === undefined) return role.unknown;
  const parsed = parseRole(name);
  if (parsed === role.unknown) return undefined;
  return parsed === role.started || parsed === role.unpromoted ? role.unknown : parsed;
}
