import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatOperationKey,
  parseOperationKey,
  parseTransitionKey,
  parseTransitionMagic,
} from "./operation-key.ts";

test("an operation key splits into resource, action and interval", () => {
  for (const [text, resource, action, intervalMs] of [
    ["host1_monitor_10000", "host1", "monitor", 10_000],
    ["my_vm_start_0", "my_vm", "start", 0],
    ["my_vm_migrate_to_0", "my_vm", "migrate_to", 0],
    ["vm_migrate_from_0", "vm", "migrate_from", 0],
    ["r_post_notify_start_0", "r", "post_notify_start", 0],
    ["r_confirmed-pre_notify_promote_0", "r", "confirmed-pre_notify_promote", 0],
    ["a:0_meta-data_0", "a:0", "meta-data", 0],
  ] as const) {
    assert.deepEqual(parseOperationKey(text), { resource, action, intervalMs });
  }
  for (const bad of ["", "x", "a_b", "_b_0", "a__0", "a_b_99999999999", "a_b_-1"]) {
    assert.equal(parseOperationKey(bad), undefined, bad);
  }
});

test("a key that was formatted is read back", () => {
  const resource = fc.stringMatching(/^[A-Za-z][A-Za-z0-9:.-]{0,8}(_x)?$/);
  const action = fc.constantFrom("start", "monitor", "migrate_to", "pre_notify_stop");
  fc.assert(
    fc.property(resource, action, fc.nat(), (r, a, intervalMs) => {
      const key = { resource: r, action: a, intervalMs };
      assert.deepEqual(parseOperationKey(formatOperationKey(key)), key);
    }),
  );
});

test("a transition key is three integers and up to 36 characters without a blank", () => {
  const shape = /^(-?\d+):(-?\d+):(-?\d+):(\S{1,36})/;
  const some = fc.string({
    unit: fc.constantFrom("0", "7", ":", "-", " ", "\n", "u"),
    maxLength: 50,
  });
  const text = fc.oneof(
    some,
    fc.tuple(some, some).map(([a, b]) => `1:-2:3:${a}${b}`),
  );
  const law = fc.property(text, (each) => {
    const [, action, transition, target, uuid] = shape.exec(each) ?? [];
    assert.deepEqual(
      parseTransitionKey(each),
      uuid === undefined
        ? undefined
        : {
            actionId: Number(action),
            transitionId: Number(transition),
            targetRc: Number(target),
            uuid,
          },
    );
  });
  fc.assert(law, { numRuns: 2000 });
});

test("transition keys and magic are read as they are recorded", () => {
  const uuid = "8cc4efb2-231d-4b4e-ae7e-99f491914ff5";
  assert.deepEqual(parseTransitionMagic(`4:1;0:3:7:${uuid}`), {
    opStatus: 4,
    rc: 1,
    key: { actionId: 0, transitionId: 3, targetRc: 7, uuid },
  });
  assert.deepEqual(parseTransitionMagic(`-1:193;5:6:0:${uuid}`)?.opStatus, -1);
  assert.equal(parseTransitionKey("1:2:3"), undefined);
  assert.equal(parseTransitionMagic("0:0;"), undefined);
  fc.assert(fc.property(fc.string(), (text) => void parseTransitionMagic(text)));
});
