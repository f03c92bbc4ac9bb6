import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LedgerAccount } from "./ledger-account.ts";
import { ledgerRecord, parseLedgerReply } from "./ledger-protocol.ts";

test("a phase's silence is the longest time without an acknowledgement within it", () => {
  const account = new LedgerAccount("r", 1, 0);
  account.onBoot("a");
  for (const [index, ms] of [10, 20, 25].entries()) account.onAcknowledged(index + 1, ms);
  assert.deepEqual(account.beginPhase("move", 30), {
    phase: "start",
    acknowledged: 3,
    silenceMs: 10,
    boots: ["a"],
  });
  account.onAcknowledged(4, 130);
  account.onAcknowledged(5, 140);
  assert.equal(account.beginPhase("cut", 150).silenceMs, 100);
  const nothing = account.beginPhase("end", 1150);
  assert.deepEqual(nothing, { phase: "cut", acknowledged: 0, silenceMs: 1000, boots: ["a"] });
});

test("a restart shows in the phase in which the guest came back with another boot id", () => {
  const account = new LedgerAccount("r", 1, 0);
  assert.equal(account.onBoot("a"), true);
  account.beginPhase("cut", 10);
  assert.equal(account.onBoot("b"), true);
  assert.equal(account.onBoot("b"), false);
  assert.deepEqual(account.beginPhase("end", 20).boots, ["a", "b"]);
  assert.deepEqual(account.bootIds, ["a", "b"]);
});

test("the verdict counts what is lost, altered and doubled", () => {
  const account = new LedgerAccount("r", 5, 0);
  for (let number = 5; number <= 9; number++) account.onAcknowledged(number, number);
  const before = ["1 old-1", "2 old-2"];
  const whole = [5, 6, 7, 8, 9].map((number) => ledgerRecord("r", number));
  assert.deepEqual(account.verdict([...before, ...whole]), {
    acknowledged: 5,
    present: 7,
    lost: 0,
    doubled: 0,
    boots: 0,
  });
  const unacknowledged = [...whole, ledgerRecord("r", 10)];
  assert.equal(account.verdict(unacknowledged).lost, 0, "more than was acknowledged is no loss");
  const bad = ["5 r-5", "6 r-6", "6 r-6", "7 x-7", "9 r-9"];
  assert.deepEqual(account.verdict(bad), {
    acknowledged: 5,
    present: 5,
    lost: 2,
    doubled: 1,
    boots: 0,
  });
});

test("what was acknowledged is found lost exactly when its line is missing", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (kept) => {
      const account = new LedgerAccount("r", 1, 0);
      for (const index of kept.keys()) account.onAcknowledged(index + 1, index);
      const lines = kept.flatMap((keep, index) => (keep ? [ledgerRecord("r", index + 1)] : []));
      const { lost, doubled } = account.verdict(lines);
      assert.equal(lost, kept.filter((keep) => !keep).length);
      assert.equal(doubled, 0);
    }),
  );
});

test("only a ledger's words are understood", () => {
  const id = "feef25e1-693d-4aa7-8102-e5612d941472";
  assert.deepEqual(parseLedgerReply(`boot ${id} 6.67 41`), {
    kind: "boot",
    id,
    uptimeS: 6.67,
    last: 41,
  });
  assert.deepEqual(parseLedgerReply("ok 7"), { kind: "ok", number: 7 });
  assert.deepEqual(parseLedgerReply("error fsync failed"), {
    kind: "error",
    message: "fsync failed",
  });
  for (const line of ["", "ok", "ok 7 8", "ok -1", "boot x 1 2", "end"]) {
    assert.equal(parseLedgerReply(line), undefined, line);
  }
});
