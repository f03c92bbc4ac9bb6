import assert from "node:assert/strict";
import { test } from "node:test";
import { type Instant, instant } from "../../base/time.ts";
import type { NodeEffect } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";
import { element } from "../../formats/xml/xml-element.ts";
import { NodeLoop, type NodeMachine } from "./node-loop.ts";

test("an event that comes up while effects are performed waits until they are done", () => {
  const order: string[] = [];
  const machine = scripted((event) => {
    order.push(`handle ${event.kind}`);
    return event.kind === "wake" ? [changed, cancel(1), cancel(2)] : [];
  });
  const loop = new NodeLoop(machine, (effect) => {
    order.push(`perform ${effect.kind}`);
    if (effect.kind === "status-changed") loop.post({ kind: "own-addresses", addresses: [] });
  });
  loop.post({ kind: "wake" });
  loop.end();
  assert.deepEqual(order, [
    ...["handle wake", "perform status-changed", "perform cancel-agent", "perform cancel-agent"],
    "handle own-addresses",
  ]);
});

test("the machine is woken when its deadline has come", async () => {
  let deadline: Instant | undefined = instant(performance.now() + 20);
  const woken = new Promise<number>((resolve) => {
    const machine = scripted((event) => {
      if (event.kind !== "wake") return [];
      deadline = undefined;
      resolve(performance.now());
      return [];
    });
    const own = { ...machine, nextDeadline: () => deadline };
    new NodeLoop(own, () => undefined).post({ kind: "own-addresses", addresses: [] });
  });
  const asked = deadline;
  assert.ok((await woken) >= (asked ?? 0), "not before it");
});

test("after its end nothing is handled", () => {
  let handled = 0;
  const loop = new NodeLoop(
    scripted(() => {
      handled++;
      return [];
    }),
    () => undefined,
  );
  loop.end();
  loop.post({ kind: "wake" });
  assert.equal(handled, 0);
});

const changed: NodeEffect = { kind: "status-changed" };

function cancel(token: number): NodeEffect {
  return { kind: "cancel-agent", token };
}

function scripted(handle: (event: NodeEvent) => readonly NodeEffect[]): NodeMachine {
  return {
    handle,
    nextDeadline: () => undefined,
    status: () => ({}) as NodeStatus,
    cib: element("cib", {}),
  };
}
