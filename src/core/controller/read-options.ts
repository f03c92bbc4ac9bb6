/** The cluster options that the controller heeds. Rules in them are not looked at: they do not depend on time here. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import {
  booleanOption,
  durationOption,
  numberOption,
  type OptionValues,
  textOption,
} from "../cib/read/cluster-options.ts";
import { clusterOptionValues, noRuleHolds, readContext } from "../cib/read/name-values.ts";

export function isOptionOn(cib: XmlElement, name: string): boolean {
  return booleanOption(values(cib), name);
}

/** In ms. */
export function optionDurationMs(cib: XmlElement, name: string): number {
  return durationOption(values(cib), name);
}

export function optionNumber(cib: XmlElement, name: string): number {
  return numberOption(values(cib), name);
}

export function optionPercent(cib: XmlElement, name: string): number {
  return Number.parseInt(textOption(values(cib), name) ?? "0", 10);
}

function values(cib: XmlElement): OptionValues {
  return clusterOptionValues(readContext(cib, noRuleHolds));
}
