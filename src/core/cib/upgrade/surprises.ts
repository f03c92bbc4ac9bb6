/**
 * What a configuration will do that its owner may not expect, measured with Pacemaker on the configuration that
 * people copied for years. An imported CIB keeps its own values; these notices say what they lead to.
 */
import { parseScore } from "../../../decision/score.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibNotice } from "../notice.ts";
import { booleanOption, textOption } from "../read/cluster-options.ts";
import { addValues, clusterOptionValues, noRuleHolds, readContext } from "../read/name-values.ts";
import { resourcesOf } from "../read/resource-lookup.ts";
import { sectionChildren, sectionOf } from "../sections.ts";

/** Of a change: those that there were not before it. */
export function newSurprises(before: XmlElement, after: XmlElement): readonly CibNotice[] {
  const known = new Set(surprises(before).map(({ code, from }) => `${code} ${from}`));
  return surprises(after).filter(({ code, from }) => !known.has(`${code} ${from}`));
}

export function surprises(cib: XmlElement): readonly CibNotice[] {
  const context = readContext(cib, noRuleHolds);
  const options = clusterOptionValues(context);
  const defaults = new Map<string, string>();
  const parent = sectionOf(cib, "rsc_defaults");
  if (parent) addValues(context, defaults, { parent, setName: "meta_attributes" });
  const found: CibNotice[] = [];
  const stickiness = defaults.get("resource-stickiness") ?? "0";
  if ((parseScore(stickiness) ?? 0) === 0) {
    found.push({
      code: "HF4120",
      element: "<rsc_defaults>",
      from: `resource-stickiness=${stickiness}`,
      to: `resource-stickiness=${stickiness}`,
      why: "Guests move without need: to even out the nodes, and when another one starts, stops or moves. With 1 they stay where they run.",
    });
  }
  if (!booleanOption(options, "fencing-enabled")) {
    found.push({
      code: "HF4121",
      element: "<crm_config>",
      from: "stonith-enabled=false",
      to: "stonith-enabled=false",
      why: "Two guests may run: no fencing. A silent node counts as dead though it may still run its guests. What could not be stopped is blocked until somebody runs crm_resource --cleanup.",
    });
  } else if (hasOnlyOthersThanDevices(cib)) {
    found.push({
      code: "HF4124",
      element: "<resources>",
      from: "stonith-enabled=true without a fence device",
      to: "stonith-enabled=true without a fence device",
      why: "When a node is lost, nothing of it is started elsewhere before a person confirms that it is off: nobody can fence it.",
    });
  }
  const policy = textOption(options, "no-quorum-policy") ?? "stop";
  if (policy === "stop" && memberCount(cib) === 2) {
    found.push({
      code: "HF4122",
      element: "<crm_config>",
      from: "no-quorum-policy=stop",
      to: "no-quorum-policy=stop",
      why: "A node of two that is left without quorum stops all its guests: then both are down.",
    });
  }
  const threshold = defaults.get("migration-threshold");
  const expiry = defaults.get("failure-timeout") ?? "0";
  if (threshold !== undefined && (parseScore(threshold) ?? 0) > 0 && /^0*[a-z]*$/i.test(expiry)) {
    found.push({
      code: "HF4123",
      element: "<rsc_defaults>",
      from: `migration-threshold=${threshold} without failure-timeout`,
      to: `migration-threshold=${threshold} without failure-timeout`,
      why: "A guest that failed so often on a node never comes back to it until somebody runs crm_resource --cleanup.",
    });
  }
  return found;
}

/** Resources, and no fence device among them. */
function hasOnlyOthersThanDevices(cib: XmlElement): boolean {
  const resources = resourcesOf(cib).filter(({ element: { name } }) => name === "primitive");
  const isDevice = resources.map(({ element: of }) => classOf(cib, of) === "stonith");
  return isDevice.length > 0 && !isDevice.includes(true);
}

function classOf(cib: XmlElement, primitive: XmlElement): string | undefined {
  const template = attribute(primitive, "template");
  if (template === undefined) return attribute(primitive, "class");
  const found = sectionChildren(cib, "resources").find(
    (each) => attribute(each, "id") === template,
  );
  return found && attribute(found, "class");
}

function memberCount(cib: XmlElement): number {
  return sectionChildren(cib, "nodes").filter(
    (node) => (attribute(node, "type") ?? "member") === "member",
  ).length;
}
