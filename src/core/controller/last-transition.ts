/**
 * The highest number of a transition that the status section knows of. Whoever becomes DC counts on from there, so that
 * the numbers of one cluster go up through all changes of its DC.
 */
import { parseTransitionKey } from "../../formats/cib/operation-key.ts";
import { attribute, child, descendants, type XmlElement } from "../../formats/xml/xml-element.ts";

/** Beyond this a number is somebody's invention: counting on from it would leave no room. */
const numberMax = 1_000_000_000;

/** 0 where there is none. */
export function lastTransitionIn(cib: XmlElement): number {
  const status = child(cib, "status");
  let last = 0;
  if (status === undefined) return last;
  for (const entry of descendants(status)) {
    if (entry.name !== "lrm_rsc_op") continue;
    const number = parseTransitionKey(attribute(entry, "transition-key") ?? "")?.transitionId ?? 0;
    if (number > last && number < numberMax) last = number;
  }
  return last;
}
