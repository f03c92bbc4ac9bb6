import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeEvent } from "../../core/node/events.ts";
import type { LoadReading } from "../../ports/load.ts";
import { LoadWatch } from "./load-watch.ts";

test("the machine is told at once what the meter reads, and nothing where it reads nothing", () => {
  assert.deepEqual(toldOf({ oneMinute: 3.5, processors: 2 }), [
    { kind: "load", load: { oneMinute: 3.5, processors: 2 } },
  ]);
  assert.deepEqual(toldOf(undefined), []);
});

function toldOf(reading: LoadReading | undefined): readonly NodeEvent[] {
  const told: NodeEvent[] = [];
  const watch = new LoadWatch({ read: () => reading }, (event) => told.push(event));
  watch.begin();
  watch.end();
  return told;
}
