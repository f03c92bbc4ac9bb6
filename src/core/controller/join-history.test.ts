import assert from "node:assert/strict";
import { test } from "node:test";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { Inherited } from "./inherited.ts";
import { withReport } from "./join-history.ts";

const { done, pending, cancelled } = opStatus;

// Seed 1172 of sim/main.ts: an operation ended while its node was joining, and the DC waited for its end for ever.
test("what is reported while a node joins takes the place of what it had told", () => {
  const told = [report("start", 0, pending), report("monitor", 10_000, done)];
  const history = withReport(told, report("start", 0, done));
  assert.deepEqual(history, [report("monitor", 10_000, done), report("start", 0, done)]);
  const inherited = new Inherited();
  inherited.onJoined("xen2", history);
  assert.equal(inherited.isEmpty, true);
});

test("a recurring operation that was ended leaves nothing", () => {
  const told = [report("start", 0, done), report("monitor", 10_000, done)];
  const history = withReport(told, report("monitor", 10_000, cancelled));
  assert.deepEqual(history, [report("start", 0, done)]);
});

function report(action: string, intervalMs: number, status: number): OperationReport {
  return {
    ...{ resource: "host1", agent: { class: "ocf", provider: "heartbeat", type: "Xen" } },
    ...{ action, intervalMs, rc: 0, opStatus: status, callId: 1, parameters: {} },
    transitionKey: "1:1:0:01234567-89ab-4def-8123-456789abcdef",
  };
}
