/** Fail counts in a status section that is being written: node attributes, as the controllers keep them. */

import { addScores, parseScore } from "../../../decision/score.ts";
import type { AttributeSet } from "../../../decision/transition.ts";
import { sanitizedId } from "../../../formats/cib/sanitized-id.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { failCountName, lastFailureName } from "../../cib/status/fail-counts.ts";
import { childMade, type Draft, newDraft, setAttributes } from "./status-draft.ts";

/** OCF_NOT_RUNNING */
const notRunning = 7;

export type CountedResult = {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
  readonly rc: number;
  /** Seconds since 1970. */
  readonly now: number;
};

/** A probe that finds nothing is no failure. @returns what was set. */
export function countFailure(state: Draft, result: CountedResult): readonly AttributeSet[] {
  const { resource, task, intervalMs, rc, now } = result;
  if (rc === 0 || (rc === notRunning && intervalMs === 0)) return [];
  const failed = { resource, action: task, intervalMs };
  const nodeId = attribute(state, "id") ?? "";
  const sets: readonly AttributeSet[] = [
    { kind: "attribute", nodeId, name: failCountName(failed), value: "value++" },
    { kind: "attribute", nodeId, name: lastFailureName(failed), value: String(now) },
  ];
  for (const { name, value } of sets) setTransient(state, name, value);
  return sets;
}

function setTransient(state: Draft, name: string, value: string): void {
  const nodeId = attribute(state, "id") ?? "";
  const outer = childMade(state, "transient_attributes", { id: nodeId });
  const set = childMade(outer, "instance_attributes", { id: `status-${nodeId}` });
  let pair = set.children.find((each) => attribute(each, "name") === name);
  if (pair === undefined) {
    pair = newDraft("nvpair", { id: `status-${nodeId}-${sanitizedId(name)}`, name, value: "0" });
    set.children.push(pair);
  }
  const before = parseScore(attribute(pair, "value") ?? "0") ?? 0;
  setAttributes(pair, { value: value === "value++" ? String(addScores(before, 1)) : value });
}
