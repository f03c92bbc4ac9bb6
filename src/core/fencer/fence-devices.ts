/** Which devices fence a node, by the CIB: fencing-topology, else every device that does not exclude it. */
import { compilePattern } from "../../formats/cib/pattern/pattern.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import { noRuleHolds, type ReadContext, readContext } from "../cib/read/name-values.ts";
import { nodesOf } from "../cib/read/nodes.ts";
import { resourcesOf } from "../cib/read/resource-lookup.ts";
import { instanceAttributes, metaAttributes, metaValue } from "../cib/read/resource-values.ts";
import { sectionChildren } from "../cib/sections.ts";
import type { FenceDevice } from "./types.ts";

/** Enabled ones, in document order. */
export function fenceDevices(cib: XmlElement): readonly FenceDevice[] {
  const context = readContext(cib, noRuleHolds);
  return resourcesOf(cib).flatMap((found) => {
    const { element } = found;
    const type = attribute(element, "type");
    if (element.name !== "primitive" || attribute(element, "class") !== "stonith") return [];
    const role = metaValue(metaAttributes(context, found), "target-role") ?? "";
    if (type === undefined || role.toLowerCase() === "stopped") return [];
    const params = Object.fromEntries(instanceAttributes(context, found));
    return [{ id: attribute(element, "id") ?? "", agent: type, params }];
  });
}

/** Those that can fence the node, or may know it: they are asked when it comes to that. In document order. */
export function devicesFor(cib: XmlElement, target: string): readonly FenceDevice[] {
  return fenceDevices(cib).filter((device) => mayFence(device, target) !== false);
}

/** One level after the other is tried; all devices of a level are needed. */
export function fenceLevels(cib: XmlElement, target: string): readonly (readonly FenceDevice[])[] {
  const levels = sectionChildren(cib, "fencing-topology")
    .filter((level) => isForNode(readContext(cib, noRuleHolds), level, target))
    .map((level) => ({ index: Number(attribute(level, "index") ?? 0), names: namesOf(level) }))
    .sort((a, b) => a.index - b.index);
  if (levels.length === 0) {
    return devicesFor(cib, target).map((device) => [device]);
  }
  const devices = fenceDevices(cib);
  const byIndex = new Map<number, FenceDevice[]>();
  for (const { index, names } of levels) {
    const found = names.map((name) => devices.find((device) => device.id === name));
    // A level with a device that is not there can never be complete.
    if (found.some((device) => device === undefined)) continue;
    const known = byIndex.get(index) ?? [];
    byIndex.set(index, [...known, ...found.filter((device) => device !== undefined)]);
  }
  return [...byIndex.values()];
}

/** By pcmk_host_list and pcmk_host_map; undefined: the device itself has to be asked. */
export function mayFence({ params }: FenceDevice, target: string): boolean | undefined {
  const check = params["pcmk_host_check"];
  if (check === "none") return true;
  if (check !== undefined && check !== "static-list") return undefined;
  const list = (params["pcmk_host_list"] ?? "").split(/[\s,;]+/);
  const map = (params["pcmk_host_map"] ?? "")
    .split(/[\s;]+/)
    .map((entry) => entry.split(/[:=]/)[0]);
  const names = [...list, ...map].filter((name) => name !== "");
  if (names.length === 0) return check === "static-list" ? false : undefined;
  return names.includes(target);
}

function namesOf(level: XmlElement): readonly string[] {
  return (attribute(level, "devices") ?? "").split(",").map((name) => name.trim());
}

function isForNode({ cib }: ReadContext, level: XmlElement, target: string): boolean {
  const name = attribute(level, "target");
  if (name !== undefined) return name.toLowerCase() === target.toLowerCase();
  const pattern = attribute(level, "target-pattern");
  if (pattern !== undefined) return matches(pattern, target);
  const wanted = attribute(level, "target-attribute");
  if (wanted === undefined) return false;
  const configured = sectionChildren(cib, "nodes").find(
    (node) =>
      attribute(node, "uname") === nodesOf(cib).find((each) => each.uname === target)?.uname,
  );
  const pairs = configured?.children.flatMap((set) => set.children) ?? [];
  return pairs.some(
    (pair) =>
      attribute(pair, "name") === wanted &&
      attribute(pair, "value") === attribute(level, "target-value"),
  );
}

function matches(pattern: string, target: string): boolean {
  // A pattern that is none, or that has too many ways to match, matches nobody.
  const compiled = compilePattern(`^(${pattern})$`);
  if (!compiled.ok) return false;
  const spellings = [target, target.toLowerCase(), target.toUpperCase()];
  return spellings.some((name) => compiled.value.find(name) !== undefined);
}
