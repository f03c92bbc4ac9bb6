/** Cluster options that the fencer heeds. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { durationOption, textOption } from "../cib/read/cluster-options.ts";
import { clusterOptionValues, noRuleHolds, readContext } from "../cib/read/name-values.ts";

export function optionMs(cib: XmlElement, name: string): number {
  return durationOption(clusterOptionValues(readContext(cib, noRuleHolds)), name);
}

export function optionText(cib: XmlElement, name: string): string | undefined {
  return textOption(clusterOptionValues(readContext(cib, noRuleHolds)), name);
}
