import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  either,
  exactly,
  finite,
  flag,
  list,
  object,
  oneOf,
  parseJson,
  recordOf,
  tagged,
  text,
  u64,
  whole,
} from "./json-shape.ts";

type Point = { readonly x: number; readonly name?: string };
const point = object<Point>({ x: whole, name: text }, ["name"]);

test("an object has its members, those that may be missing excepted, and nothing else", () => {
  assert.deepEqual(point({ x: 1 }), { ok: true, value: { x: 1 } });
  assert.deepEqual(point({ x: 1, name: "a", more: 2 }), { ok: true, value: { x: 1, name: "a" } });
  for (const bad of [{}, { x: 1.5 }, { x: 1, name: 2 }, null, [], "x"]) {
    assert.equal(point(bad).ok, false, JSON.stringify(bad));
  }
});

test("an error says where it is", () => {
  const shape = object<{ a: readonly Point[] }>({ a: list(point) });
  const result = shape({ a: [{ x: 1 }, { x: "1" }] });
  assert.deepEqual(result, { ok: false, error: ".a[1].x: a whole number" });
});

test("a member that is inherited is not there", () => {
  const shape = object<{ toString: string }>({ toString: text });
  assert.equal(shape({}).ok, false);
  const made = recordOf(text)(JSON.parse('{"__proto__":"x"}'));
  assert.ok(made.ok);
  assert.deepEqual(Object.entries(made.value), [["__proto__", "x"]]);
});

test("64-bit numbers are hexadecimal digits", () => {
  assert.deepEqual(u64("ffffffffffffffff"), { ok: true, value: 0xffff_ffff_ffff_ffffn });
  for (const bad of ["", "g", "1ffffffffffffffff", 1]) assert.equal(u64(bad).ok, false);
});

test("one of several, by a tag or by trying", () => {
  type Either = { kind: "a"; n: number } | { kind: "b"; s: string };
  const shape = tagged<Either>("kind", {
    a: object({ n: finite }) as never,
    b: object({ s: text }) as never,
  });
  assert.deepEqual(shape({ kind: "a", n: 1 }), { ok: true, value: { kind: "a", n: 1 } });
  assert.equal(shape({ kind: "b", n: 1 }).ok, false);
  assert.equal(shape({ kind: "toString" }).ok, false);
  assert.equal(either(exactly(true), text)(false).ok, false);
  assert.ok(either(exactly(true), oneOf("x"))("x").ok);
});

test("no value at all makes a shape throw", () => {
  const shape = list(either(point, tagged("t", { p: point as never })));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const each of [shape, flag, recordOf(point), u64]) each(value);
    }),
  );
  assert.equal(parseJson("{").ok, false);
});
