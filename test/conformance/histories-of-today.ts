/**
 * Old histories as a controller of today would have written them: an instance of a clone by the name that its node is told,
 * one history a name, and in it one record a place: the last of what was done once, each migration, each recurring operation,
 * the last failure; and no migration from before the last start or stop. The recorded cases have all that Heartbeat and
 * Pacemaker ever wrote, such as "NAME:1_start_0" beside "NAME:0_monitor_0": a new result would stand beside the one that it
 * is to replace.
 */
import type { TransitionGraph } from "../../src/core/scheduler/graph/transition-graph.ts";
import { attribute, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import { withShortNames } from "./predicted-state.ts";

export function withHistoriesOfToday(cib: XmlElement, graph: TransitionGraph): XmlElement {
  const named = withShortNames(cib, graph);
  const children = named.children.map((each) => (each.name === "status" ? ofToday(each) : each));
  return { ...named, children };
}

function ofToday(each: XmlElement, nodeId?: string): XmlElement {
  const node = each.name === "node_state" ? attribute(each, "id") : nodeId;
  const inner = (): readonly XmlElement[] => each.children.map((child) => ofToday(child, node));
  switch (each.name) {
    case "lrm":
      return {
        ...each,
        attributes: { ...each.attributes, ...(node && { id: node }) },
        children: inner(),
      };
    case "lrm_resources": {
      const { id: _, ...attributes } = each.attributes;
      return { ...each, attributes, children: oneEach(each.children) };
    }
    default:
      return each.children.length === 0 ? each : { ...each, children: inner() };
  }
}

function oneEach(histories: readonly XmlElement[]): readonly XmlElement[] {
  const byName = new Map<string, XmlElement>();
  for (const each of histories) {
    const name = attribute(each, "id") ?? "";
    const others = byName.get(name)?.children ?? [];
    byName.set(name, { ...each, children: [...others, ...each.children] });
  }
  return [...byName].map(([name, history]) => ({
    ...history,
    children: onePlaceEach(name, history.children),
  }));
}

function onePlaceEach(resource: string, records: readonly XmlElement[]): readonly XmlElement[] {
  const byPlace = new Map<string, XmlElement>();
  for (const each of records) {
    if (attribute(each, "operation") === "notify") continue;
    const id = `${resource}_${placeOf(each)}`;
    const other = byPlace.get(id);
    if (other !== undefined && callOf(other) > callOf(each)) continue;
    byPlace.set(id, { ...each, attributes: { ...each.attributes, id } });
  }
  const last = byPlace.get(`${resource}_last_0`);
  return [...byPlace.values()].filter((each) => !isOvertaken(each, last));
}

function isOvertaken(record: XmlElement, last: XmlElement | undefined): boolean {
  if (last === undefined || !/^migrate_/.test(attribute(record, "operation") ?? "")) return false;
  const settles = /^(start|stop)$/.test(attribute(last, "operation") ?? "");
  return settles && attribute(last, "rc-code") === "0" && callOf(last) > callOf(record);
}

function placeOf(record: XmlElement): string {
  const [id, operation = "", interval = "0"] = ["id", "operation", "interval"].map((name) =>
    attribute(record, name),
  );
  if (id?.endsWith("_last_failure_0") === true) return "last_failure_0";
  const hasItsOwn = interval !== "0" || operation.startsWith("migrate_");
  return hasItsOwn ? `${operation}_${interval}` : "last_0";
}

function callOf(record: XmlElement): number {
  return Number(attribute(record, "call-id") ?? -1);
}
