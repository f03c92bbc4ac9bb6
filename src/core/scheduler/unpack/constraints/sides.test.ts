import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../../test/scheduler/small-cluster.ts";

const template = `<template id="t" class="ocf" provider="pacemaker" type="Dummy"/>`;
const member = (id: string): string => `<primitive id="${id}" template="t"/>`;
const withTemplate = `<rsc_colocation id="c" score="INFINITY">
  <resource_set id="c0"><resource_ref id="vm"/></resource_set>
  <resource_set id="c1" sequential="false"><resource_ref id="t"/></resource_set>
</rsc_colocation>`;
const onSecond = (id: string): string =>
  `<rsc_location id="l-${id}" rsc="${id}" node="n2" score="100"/>`;
const resources = primitive("vm") + template;

test("a template in a set stands for all that use it", () => {
  const { changes } = decide({
    resources: resources + member("a") + member("b"),
    constraints: withTemplate + onSecond("a") + onSecond("b"),
  });
  assert.deepEqual(changes, ["Start vm ( n2 )", "Start a ( n2 )", "Start b ( n2 )"]);
});

test("a template in a set is not expanded if one that uses it cannot be meant by constraints", () => {
  const unique = `<meta_attributes id="cm"><nvpair id="cu" name="globally-unique" value="true"/></meta_attributes>`;
  const { changes } = decide({
    resources: `${resources}${member("a")}<clone id="c-clone">${unique}${member("b")}</clone>`,
    constraints: withTemplate + onSecond("a"),
    probed: false,
  });
  assert.ok(changes.includes("Start vm ( n1 )"), changes.join("; "));
});
