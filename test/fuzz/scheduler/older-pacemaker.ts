/** A CIB in the words that the installed crm_simulate (2.1) knows. */
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../src/formats/xml/xml-element.ts";

/** Options by the name of 3.0, with the older one. */
export const oldNames: Readonly<Record<string, string>> = {
  "fencing-enabled": "stonith-enabled",
  "fencing-action": "stonith-action",
  "fencing-timeout": "stonith-timeout",
  "fencing-max-attempts": "stonith-max-attempts",
  "fencing-reaction": "fence-reaction",
  "fencing-watchdog-timeout": "stonith-watchdog-timeout",
  "stop-removed-resources": "stop-orphan-resources",
  "cancel-removed-actions": "stop-orphan-actions",
  "stop-removed-actions": "stop-orphan-actions",
};
/** 2.1.5 refuses later ones, and reads fail counts by operation only from the lowest on. */
const highest = "3.16.1";
const lowest = "3.0.13";

export function forPacemaker21(cib: XmlElement): XmlElement {
  const schema = attribute(cib, "validate-with") ?? "";
  return withAttributes(renamed(cib), {
    crm_feature_set: featureSet(attribute(cib, "crm_feature_set")),
    ...(/^pacemaker-(3\.1\d|4\.)/.test(schema) ? { "validate-with": "pacemaker-3.9" } : {}),
  });
}

function renamed(of: XmlElement): XmlElement {
  const children = of.children.map(renamed);
  const old = of.name === "nvpair" ? oldNames[attribute(of, "name") ?? ""] : undefined;
  return withChildren(old === undefined ? of : withAttributes(of, { name: old }), children);
}

function featureSet(version: string | undefined): string {
  if (version === undefined || compare(version, lowest) < 0) return lowest;
  return compare(version, highest) > 0 ? highest : version;
}

function compare(one: string, other: string): number {
  const [a, b] = [one.split(".").map(Number), other.split(".").map(Number)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
