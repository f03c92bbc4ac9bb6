/** Which colocations concern a resource: its own, and those of what it is part of. */
import { infinity } from "../../../decision/score.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Colocation, Resource } from "../model/types.ts";
import { addThisWith, addThisWithList, addWithThis, addWithThisList } from "./new-colocation.ts";

/** For the primitive itself all, for what it is asked on behalf of only the configured ones. */
export function withPrimitive(resource: Resource, origin: Resource, list: Colocation[]): void {
  if (resource === origin) {
    addWithThisList(list, resource.withThis);
    const { parent } = resource;
    if (parent !== undefined) rulesOf(parent).withThisColocations(parent, origin, list);
    return;
  }
  for (const colocation of resource.withThis)
    if (colocation.explicit) addWithThis(list, colocation);
}

export function primitiveWith(resource: Resource, origin: Resource, list: Colocation[]): void {
  if (resource === origin) {
    addThisWithList(list, resource.thisWith);
    const { parent } = resource;
    if (parent !== undefined) rulesOf(parent).thisWithColocations(parent, origin, list);
    return;
  }
  for (const colocation of resource.thisWith)
    if (colocation.explicit) addThisWith(list, colocation);
}

/** Others with a group concern the group and its last member; the rest follows by the internal colocations. */
export function withGroup(group: Resource, origin: Resource, list: Colocation[]): void {
  if (group.children.length === 0) return;
  if (origin !== group && origin !== group.children.at(-1)) return;
  addWithThisList(list, group.withThis);
  const { parent } = group;
  if (parent !== undefined) rulesOf(parent).withThisColocations(parent, origin, list);
  if (group.group?.colocated !== true) return;
  for (const member of group.children) {
    if (member !== origin) rulesOf(member).withThisColocations(member, origin, list);
  }
}

/** A group with others concerns the group and its first member. */
export function groupWith(group: Resource, origin: Resource, list: Colocation[]): void {
  if (group.children.length === 0) return;
  if (group === origin || origin === group.children[0]) {
    addThisWithList(list, group.thisWith);
    const { parent } = group;
    if (parent !== undefined) rulesOf(parent).thisWithColocations(parent, origin, list);
    if (group.group?.colocated !== true) return;
    for (const member of group.children) {
      if (member !== origin) rulesOf(member).thisWithColocations(member, origin, list);
    }
    return;
  }
  addPastUnmanaged(group, origin, list);
}

/** An unmanaged member before breaks the chain, so what must be is said to the later member itself. */
function addPastUnmanaged(group: Resource, origin: Resource, list: Colocation[]): void {
  for (const member of group.children) {
    if (member === origin) return;
    if (member.managed) continue;
    for (const colocation of group.thisWith) {
      if (colocation.score === infinity) addThisWith(list, colocation);
    }
    return;
  }
}
