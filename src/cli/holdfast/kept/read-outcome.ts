/** outcome-N.json -> what came of the transition. */
import { err, ok, type Result } from "../../../base/result.ts";
import type { ActionOutcome, TransitionOutcome } from "../../../decision/transition-outcome.ts";
import { finite, list, object, oneOf, text, whole } from "../../../formats/json/json-shape.ts";

const action = object<ActionOutcome>(
  {
    ...{ task: text, resource: text, node: text, intervalMs: whole },
    state: oneOf("done", "failed", "not-begun"),
    ...{ rc: whole, tookMs: finite, why: text },
  },
  ["resource", "rc", "tookMs", "why"],
);

const outcome = object<TransitionOutcome>(
  {
    ...{ number: whole, dc: text, reason: text },
    state: oneOf("done", "failed", "aborted"),
    ...{ abortedBecause: text, beganMs: finite, endedMs: finite },
    actions: list(action),
  },
  ["abortedBecause"],
);

/** The error says where something else was expected. */
export function readOutcome(json: string): Result<TransitionOutcome> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return err("it is no JSON");
  }
  const read = outcome(value);
  return read.ok ? ok(read.value) : err(read.error);
}
