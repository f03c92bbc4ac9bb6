import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../test/walk/combinations.ts";
import { type ControllerFacts, controllerState } from "./controller-state.ts";

test("every node's controller is in the state that Pacemaker's word for it means", () => {
  const axes = {
    online: yesAndNo,
    pending: yesAndNo,
    isDc: yesAndNo,
    phase: ["starting", "electing", "joining", "settled", undefined],
    transitionRuns: yesAndNo,
  } as const;
  const met = new Set<string>();
  for (const facts of combinations(axes)) {
    const word = controllerState(facts);
    assert.equal(word, meant(facts), JSON.stringify(facts));
    met.add(word);
  }
  assert.equal(met.size, 8);
});

/** Of a node that is there and joined: what everybody does, then who it is, then what it does. */
function meant({ online, pending, isDc, phase, transitionRuns }: ControllerFacts): string {
  if (!online) return "S_STOPPING";
  if (pending) return "S_PENDING";
  if (phase === "starting") return "S_STARTING";
  if (phase === "electing") return "S_ELECTION";
  if (!isDc) return "S_NOT_DC";
  if (phase === "joining") return "S_INTEGRATION";
  return transitionRuns ? "S_TRANSITION_ENGINE" : "S_IDLE";
}
