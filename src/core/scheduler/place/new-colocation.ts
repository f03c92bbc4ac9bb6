/** Making colocations, and keeping each resource's lists of them in the order in which they are applied. */
import { compareText } from "../../../base/compare.ts";
import { infinity } from "../../../decision/score.ts";
import { edge } from "../model/flags.ts";
import { configError } from "../model/issues.ts";
import { isClone, variantRank } from "../model/resources.ts";
import type { Colocation, Resource } from "../model/types.ts";
import { orderTasks } from "../order/new-ordering.ts";
import { parseRole, type Role, role } from "../values/role.ts";

export type ColocationWish = {
  readonly id: string;
  readonly score: number;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly dependentRole?: string | undefined;
  readonly primaryRole?: string | undefined;
  readonly attribute?: string | undefined;
  readonly influence: boolean;
  readonly explicit: boolean;
};

export function newColocation(wish: ColocationWish): void {
  const { dependent, primary, score } = wish;
  const dependentRole = constraintRole(wish.dependentRole);
  const primaryRole = constraintRole(wish.primaryRole);
  if (dependentRole === undefined || primaryRole === undefined) {
    configError(dependent.cluster, `constraint ${wish.id}: a role is not valid`);
    return;
  }
  if (score === 0) return;
  const colocation: Colocation = {
    id: wish.id,
    score,
    dependent,
    primary,
    dependentRole,
    primaryRole,
    attribute: wish.attribute ?? "#uname",
    influence: wish.influence,
    explicit: wish.explicit,
  };
  addThisWith(dependent.thisWith, colocation);
  addWithThis(primary.withThis, colocation);
  dependent.cluster.colocations.push(colocation);
  if (score <= -infinity) {
    orderApart(dependent, dependentRole, primary, primaryRole);
    orderApart(primary, primaryRole, dependent, dependentRole);
  }
}

export function addThisWith(list: Colocation[], colocation: Colocation): void {
  insert(list, colocation, (each) => each.primary);
}

export function addWithThis(list: Colocation[], colocation: Colocation): void {
  insert(list, colocation, (each) => each.dependent);
}

/**
 * Adds a whole list. To a list that is not empty the first of the addition is added once for each: that is what the
 * field's scheduler does, and recorded placements depend on it.
 */
export function addThisWithList(list: Colocation[], addition: readonly Colocation[]): void {
  if (list.length === 0) list.push(...addition);
  else for (const _ of addition) addThisWith(list, addition[0] as Colocation);
}

export function addWithThisList(list: Colocation[], addition: readonly Colocation[]): void {
  if (list.length === 0) list.push(...addition);
  else for (const _ of addition) addWithThis(list, addition[0] as Colocation);
}

/** Started is what every role includes, so it means none in particular. */
function constraintRole(name: string | undefined): Role | undefined {
  if (name === undefined) return role.unknown;
  const parsed = parseRole(name);
  if (parsed === role.unknown) return undefined;
  return parsed === role.started ? role.unknown : parsed;
}

/** Before the first that is not more important. */
function insert(
  list: Colocation[],
  colocation: Colocation,
  partner: (each: Colocation) => Resource,
): void {
  const at = list.findIndex((each) => compareImportance(partner(colocation), partner(each)) <= 0);
  if (at < 0) list.push(colocation);
  else list.splice(at, 0, colocation);
}

/** Higher priority first, then the more complex, then promotable clones, then by id. */
function compareImportance(a: Resource, b: Resource): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  const rank = variantRank(b) - variantRank(a);
  if (rank !== 0) return rank;
  if (isClone(a) && a.promotable !== b.promotable) return a.promotable ? -1 : 1;
  return compareText(a.id, b.id);
}

/** Where two must be apart, one leaves a node before the other comes to it. */
function orderApart(first: Resource, firstRole: Role, next: Resource, nextRole: Role): void {
  const losing = firstRole === role.promoted ? ["demote"] : ["stop"];
  if (firstRole === role.unpromoted) losing.push("promote");
  const gaining = nextRole === role.promoted ? ["promote"] : ["start"];
  if (nextRole === role.unpromoted) gaining.push("demote");
  for (const lose of losing) {
    for (const gain of gaining) orderTasks(first, lose, next, gain, edge.sameNodeIfRequired);
  }
}
