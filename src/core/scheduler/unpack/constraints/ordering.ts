/** <rsc_order>: what is done before what. */
import { booleanOr } from "../../../../formats/cib/cib-boolean.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { pseudoAction } from "../../actions/create-action.ts";
import { taskKey } from "../../actions/task-key.ts";
import { findForConstraint } from "../../model/find-resource.ts";
import { edge } from "../../model/flags.ts";
import { configError } from "../../model/issues.ts";
import { isClone } from "../../model/resources.ts";
import type { Cluster, Resource } from "../../model/types.ts";
import { newOrdering, orderTasks } from "../../order/new-ordering.ts";
import { scanAtLeast } from "../../values/number.ts";
import { resolveReference } from "../references.ts";
import {
  type Kind,
  kindFlags,
  kindOf,
  oppositeOf,
  type Symmetry,
  symmetryOf,
} from "./ordering-kind.ts";
import { rewriteSides, setMembers } from "./sides.ts";

const rewrite = {
  sides: [
    { name: "first", detail: "first-action", detailInSet: "action" },
    { name: "then", detail: "then-action", detailInSet: "action" },
  ],
  together: true,
  bothMayBeTags: true,
};

export function readOrdering(cluster: Cluster, given: XmlElement): void {
  const kind = kindOf(cluster, given);
  const symmetry = symmetryOf(cluster, given, kind, undefined);
  const constraint = rewriteSides(cluster, given, rewrite);
  if (constraint === undefined) return;
  let last: OrderSet | undefined;
  for (const each of childrenNamed(constraint, "resource_set")) {
    const element = resolveReference(cluster, each);
    const set = element === undefined ? undefined : readSet(cluster, element);
    if (set === undefined) return;
    orderWithin(cluster, set, kind, attribute(given, "symmetrical"));
    if (last !== undefined) {
      orderSets(cluster, last, set, { kind, symmetry });
      if (symmetry === "symmetric") orderSets(cluster, set, last, { kind, symmetry: "inverse" });
    }
    last = set;
  }
  if (last === undefined) readSimple(cluster, constraint, kind, symmetry);
}

function readSimple(
  cluster: Cluster,
  constraint: XmlElement,
  kind: Kind,
  symmetry: Symmetry,
): void {
  const first = findForConstraint(cluster, attribute(constraint, "first"));
  const next = findForConstraint(cluster, attribute(constraint, "then"));
  if (first === undefined || next === undefined) {
    configError(cluster, `constraint ${attribute(constraint, "id")}: a resource does not exist`);
    return;
  }
  const firstTask = attribute(constraint, "first-action") ?? "start";
  const nextTask = attribute(constraint, "then-action") ?? firstTask;
  const flags = kindFlags(kind, firstTask, symmetry);
  const atLeast = neededInstances(first, constraint);
  if (atLeast > 0) {
    orderAfterSome(constraint, { first, firstTask, next, nextTask, flags, atLeast });
  } else {
    orderTasks(first, firstTask, next, nextTask, flags);
  }
  if (symmetry !== "symmetric") return;
  const [firstBack, nextBack] = [oppositeOf(firstTask), oppositeOf(nextTask)];
  if (firstBack === undefined || nextBack === undefined) return;
  orderTasks(next, nextBack, first, firstBack, kindFlags(kind, firstBack, "inverse"));
}

/** How many instances of a clone must be up (clone-min); 0 = as many as there are. */
function neededInstances(first: Resource, constraint: XmlElement): number {
  if (!isClone(first)) return 0;
  const least = first.meta.get("clone-min");
  if (least !== undefined) return scanAtLeast(least, 0);
  const all = attribute(constraint, "require-all");
  return all !== undefined && !booleanOr(all, false) ? 1 : 0;
}

type SomeOrder = {
  readonly first: Resource;
  readonly firstTask: string;
  readonly next: Resource;
  readonly nextTask: string;
  readonly flags: number;
  readonly atLeast: number;
};

/** A point in between that is reached when enough instances can be up. */
function orderAfterSome(constraint: XmlElement, order: SomeOrder): void {
  const { first, firstTask, next, nextTask, flags, atLeast } = order;
  const { cluster } = first;
  const met = pseudoAction(cluster, `clone-one-or-more:${attribute(constraint, "id")}`);
  met.requiredRunnableBefore = atLeast;
  for (const instance of first.children) {
    newOrdering(cluster, {
      firstResource: instance,
      firstKey: taskKey(instance, firstTask),
      next: met,
      flags: edge.minRunnable | edge.firstGraphsNext,
    });
  }
  newOrdering(cluster, {
    first: met,
    nextResource: next,
    nextKey: taskKey(next, nextTask),
    flags: flags | edge.firstBlocksNext,
  });
}

type OrderSet = {
  readonly element: XmlElement;
  readonly task: string;
  readonly members: readonly Resource[];
};

function readSet(cluster: Cluster, element: XmlElement): OrderSet | undefined {
  const members: Resource[] = [];
  for (const name of setMembers(element)) {
    const member = findForConstraint(cluster, name);
    if (member === undefined) {
      configError(cluster, `resource set ${attribute(element, "id")}: no resource '${name}'`);
      return undefined;
    }
    members.push(member);
  }
  return { element, task: attribute(element, "action") ?? "start", members };
}

function orderWithin(
  cluster: Cluster,
  { element, task, members }: OrderSet,
  parentKind: Kind,
  parentSymmetrical: string | undefined,
): void {
  const kind = attribute(element, "kind") === undefined ? parentKind : kindOf(cluster, element);
  const sequential = booleanOr(attribute(element, "sequential") ?? "1", false);
  const symmetry = symmetryOf(cluster, element, parentKind, parentSymmetrical);
  const flags = kindFlags(kind, task, symmetry);
  if (members.length === 1) return;
  members.forEach((member, index) => {
    if (kind === "serialize") {
      for (const later of members.slice(index + 1)) orderTasks(member, task, later, task, flags);
    } else if (sequential) {
      const next = members[index + 1];
      if (next !== undefined) orderTasks(member, task, next, task, flags);
    }
  });
  const back = oppositeOf(task);
  if (symmetry === "asymmetric" || !sequential || back === undefined) return;
  const backFlags = kindFlags(kind, back, "inverse");
  for (let i = 1; i < members.length; i++) {
    orderTasks(members[i] as Resource, back, members[i - 1] as Resource, back, backFlags);
  }
}

function orderSets(
  cluster: Cluster,
  first: OrderSet,
  next: OrderSet,
  { kind, symmetry }: { readonly kind: Kind; readonly symmetry: Symmetry },
): void {
  const inverse = symmetry === "inverse";
  const firstTask = inverse ? oppositeOf(first.task) : first.task;
  const nextTask = inverse ? oppositeOf(next.task) : next.task;
  if (firstTask === undefined || nextTask === undefined) return;
  const flags = kindFlags(kind, firstTask, symmetry);
  // One of several is enough only on the way up: on the way down all must be down.
  const down = firstTask === "stop" || firstTask === "demote";
  if (!down && !booleanOr(attribute(first.element, "require-all"), true)) {
    orderAfterAny(cluster, first, next, { firstTask, nextTask, flags });
    return;
  }
  const firsts = edgeOf(first, inverse ? "start" : "end");
  const thens = edgeOf(next, inverse ? "end" : "start");
  for (const a of firsts) {
    for (const b of thens) orderTasks(a, firstTask, b, nextTask, flags);
  }
}

/** Of an explicitly sequential set only the member at the given end, of another all. */
function edgeOf({ element, members }: OrderSet, end: "start" | "end"): readonly Resource[] {
  if (!booleanOr(attribute(element, "sequential"), false)) return members;
  return end === "start" ? members.slice(0, 1) : members.slice(-1);
}

function orderAfterAny(
  cluster: Cluster,
  first: OrderSet,
  next: OrderSet,
  order: { readonly firstTask: string; readonly nextTask: string; readonly flags: number },
): void {
  const any = pseudoAction(cluster, `one-or-more:${attribute(first.element, "id")}`);
  any.requiredRunnableBefore = 1;
  for (const member of first.members) {
    newOrdering(cluster, {
      firstResource: member,
      firstKey: taskKey(member, order.firstTask),
      next: any,
      flags: edge.minRunnable | edge.firstGraphsNext,
    });
  }
  for (const member of next.members) {
    newOrdering(cluster, {
      first: any,
      nextResource: member,
      nextKey: taskKey(member, order.nextTask),
      flags: order.flags | edge.firstBlocksNext,
    });
  }
}
