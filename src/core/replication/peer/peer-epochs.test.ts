import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerEpoch } from "../volume.ts";
import {
  closePeerEpoch,
  drainable,
  newPeerEpoch,
  newPeerEpochs,
  type PeerEpochs,
} from "./peer-epochs.ts";

test("a write waits for what was acked early in the epochs before its own", () => {
  const epochs = newPeerEpochs();
  const first = closedEpoch(epochs, { early: true, active: 1 });
  const second = closedEpoch(epochs, { early: true, active: 1 });
  const waiting = [{ epoch: second }, { epoch: epochs.current }];
  assert.equal(drainable(epochs, waiting).begun.length, 0);
  first.active = 0;
  assert.equal(drainable(epochs, waiting).begun.length, 1);
  second.active = 0;
  assert.equal(drainable(epochs, waiting).begun.length, 2);
});

test("two epochs of early acks that wait for the same write do not wait for each other", () => {
  const epochs = newPeerEpochs();
  const first = closedEpoch(epochs, { early: true, active: 1 });
  const second = closedEpoch(epochs, { early: true, active: 2 });
  closedEpoch(epochs, { early: true, active: 1 });
  first.active = 0;
  assert.equal(drainable(epochs, [{ epoch: second }, { epoch: second }]).begun.length, 2);
});

test("a write of an older epoch that comes to wait behind a younger one is not held up by it", () => {
  const epochs = newPeerEpochs();
  const first = closedEpoch(epochs, { early: true, active: 1 });
  const second = closedEpoch(epochs, { early: true, active: 1 });
  const waiting = [{ epoch: epochs.current }, { epoch: second }];
  first.active = 0;
  assert.deepEqual(drainable(epochs, waiting), { begun: [waiting[1]], rest: [waiting[0]] });
});

test("writes that are acked when they are on disk hold nobody up", () => {
  const epochs = newPeerEpochs();
  closedEpoch(epochs, { early: false, active: 3 });
  assert.equal(drainable(epochs, [{ epoch: epochs.current }]).begun.length, 1);
});

function closedEpoch(
  epochs: PeerEpochs,
  { early, active }: { readonly early: boolean; readonly active: number },
): PeerEpoch {
  const epoch = { ...newPeerEpoch(), early, active };
  epochs.current = epoch;
  closePeerEpoch(epochs);
  return epoch;
}
