/**
 * How long a move or ban by a command lives: an option of Holdfast's own, which the CIB of a new cluster declares and every
 * other lacks. Pacemaker passes over it.
 */
import { parseIntervalMs } from "../../../formats/cib/interval.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { clusterOptionValues, noRuleHolds, readContext } from "../read/name-values.ts";

const moveLifetimeOption = "holdfast-move-lifetime";

/** 0 where nothing is declared: for ever. */
export function declaredLifetimeMs(cib: XmlElement): number {
  const values = clusterOptionValues(readContext(cib, noRuleHolds));
  return Math.max(0, parseIntervalMs(values.get(moveLifetimeOption) ?? "") ?? 0);
}
