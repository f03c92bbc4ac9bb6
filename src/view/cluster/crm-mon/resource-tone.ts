/** In which colour a resource stands on a page. */
import type { PrimitiveStatus } from "../../../decision/cluster-status.ts";
import { type ListItem, type Tone, tonedLine } from "../../scheduler/list-text.ts";

export function resourceTone(of: PrimitiveStatus): Tone {
  if (of.failed) return of.failureIgnored ? "rsc-failure-ignored" : "rsc-failed";
  if (!of.managed) return "rsc-managed";
  if (of.nodes.length > 1) return "rsc-multiple";
  return of.failureIgnored ? "rsc-failure-ignored" : "rsc-ok";
}

/** Only a line without items takes one. */
export function withTone(item: ListItem, tone: Tone | undefined): ListItem {
  return typeof item === "string" && tone !== undefined ? tonedLine(item, tone) : item;
}
