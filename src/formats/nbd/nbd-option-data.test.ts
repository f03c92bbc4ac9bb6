import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { goData, metaContextData } from "../../../test/nbd/client-bytes.ts";
import { decodeInfoRequest, decodeMetaContextRequest } from "./nbd-option-data.ts";

const names = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constant("a".repeat(4096)),
);

test("what a client asks of an export is read as it was written", () => {
  fc.assert(
    fc.property(
      names,
      fc.array(fc.nat({ max: 0xffff }), { maxLength: 20 }),
      (exportName, wanted) => {
        const value = { exportName, wanted };
        assert.deepEqual(decodeInfoRequest(goData(exportName, wanted)), { ok: true, value });
      },
    ),
  );
});

test("queries for contexts are read as they were written", () => {
  fc.assert(
    fc.property(names, fc.array(names, { maxLength: 8 }), (exportName, queries) => {
      const value = { exportName, queries };
      const data = metaContextData(exportName, queries);
      assert.deepEqual(decodeMetaContextRequest(data), { ok: true, value });
    }),
  );
});

test("data that end too early, or go on too long, are refused", () => {
  const whole = [goData("r0", [3]), metaContextData("r0", ["base:allocation"])];
  for (const [data, decode] of [
    [whole[0], decodeInfoRequest],
    [whole[1], decodeMetaContextRequest],
  ] as const) {
    assert.ok(data !== undefined);
    for (let length = 0; length < data.length; length++) {
      assert.ok(!decode(data.subarray(0, length)).ok, `${length} bytes`);
    }
    assert.ok(!decode(Buffer.concat([data, Buffer.alloc(1)])).ok);
  }
});

test("a name that is longer than a string may be is refused", () => {
  assert.ok(!decodeInfoRequest(goData("a".repeat(4097))).ok);
  assert.ok(!decodeMetaContextRequest(metaContextData("a".repeat(4097), [])).ok);
});
