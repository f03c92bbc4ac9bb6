import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, primitive } from "../../../../test/scheduler/small-cluster.ts";
import { readCluster } from "../plan.ts";
import { findResource, setHistoryId } from "./find-resource.ts";
import type { Resource } from "./types.ts";

test("an id, and a name in the status section, mean the first resource that has either", () => {
  const group = `<group id="g">${primitive("b")}${primitive("c")}</group>`;
  const cib = cibOf({ resources: primitive("a") + group + primitive("d"), probed: false });
  const cluster = readCluster({ cib, now: nowS, sanitized: false });
  const found = (id: string): string | undefined => findResource(cluster, id)?.id;
  const [a, g, d] = cluster.resources as [Resource, Resource, Resource];
  const [b, c] = g.children as [Resource, Resource];
  assert.equal(found("d"), "d");

  setHistoryId(c, "d");
  assert.equal(found("d"), "c");
  setHistoryId(b, "d");
  assert.equal(found("d"), "b");
  setHistoryId(a, "d");
  assert.equal(found("d"), "a");

  setHistoryId(d, "a");
  assert.equal(found("a"), "a");
  setHistoryId(d, "c");
  assert.equal(found("c"), "c");
  setHistoryId(a, undefined);
  assert.equal(found("d"), "b");
});
