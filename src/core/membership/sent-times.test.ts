import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant } from "../../base/time.ts";
import { SentTimes } from "./sent-times.ts";

test("the times of late packets are known, those of old ones forgotten, numbers go on", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 100 }), (gaps) => {
      const sent = new SentTimes(1000);
      const times: number[] = [];
      for (const gap of gaps) {
        times.push((times.at(-1) ?? 0) + gap);
        assert.equal(sent.next(instant(times.at(-1) ?? 0)), times.length);
      }
      const last = times.at(-1) ?? 0;
      assert.equal(sent.last, times.length);
      times.forEach((time, i) => {
        assert.equal(sent.of(i + 1), last - time <= 1000 ? time : undefined);
      });
      assert.equal(sent.of(0), undefined);
      assert.equal(sent.of(times.length + 1), undefined);
    }),
  );
});

test("no more than a few thousand times are kept, the newest", () => {
  const sent = new SentTimes(1_000_000);
  for (let i = 0; i < 5000; i++) sent.next(instant(i));
  assert.equal(sent.last, 5000);
  assert.equal(sent.of(5000), 4999);
  assert.equal(sent.of(5000 - 4096), undefined);
});
