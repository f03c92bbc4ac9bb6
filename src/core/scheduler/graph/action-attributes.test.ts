import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../test/scheduler/small-cluster.ts";

const own = (attributes: string): string =>
  `<instance_attributes id="own">${attributes}</instance_attributes>`;
const value = (name: string, text: string): string =>
  `<nvpair id="own-${name}" name="${name}" value="${text}"/>`;

/** Of the probes, by node. */
function probeAttributes(more: string): Record<string, Record<string, string>> {
  const { transition } = decide({ probed: false, resources: primitive("vm", {}, more) });
  const probes = transition.graph.synapses
    .map(({ action }) => action)
    .filter(({ key }) => key === "vm_monitor_0");
  return Object.fromEntries(
    probes.map(({ node, attributes }) => {
      const names = attributes.map(([name]) => name);
      assert.deepEqual(names, [...names].sort());
      return [node?.name ?? "", Object.fromEntries(attributes)];
    }),
  );
}

const probe = {
  CRM_meta_op_target_rc: "7",
  CRM_meta_timeout: "20000",
  crm_feature_set: "3.20.5",
};
const on = (name: string): Record<string, string> => ({
  CRM_meta_on_node: name,
  CRM_meta_on_node_uuid: name,
});

test("probes of one resource differ in their nodes only", () => {
  const attributes = probeAttributes(own(value("xmfile", "vm.dom")));
  const same = { ...probe, xmfile: "vm.dom" };
  assert.deepEqual(attributes["n1"], { ...same, ...on("n1") });
  assert.deepEqual(attributes["n2"], { ...same, ...on("n2") });
});

test("a parameter that is named like the node's meta-attribute wins on every node", () => {
  const attributes = probeAttributes(own(value("CRM_meta_on_node", "x")));
  for (const node of ["n1", "n2"]) {
    assert.deepEqual(attributes[node], { ...probe, ...on(node), CRM_meta_on_node: "x" });
  }
});

test("a parameter by a rule about nodes is each node's own", () => {
  const rule = `<rule id="where" score="0"><expression id="is" attribute="#uname" operation="eq" value="n2"/></rule>`;
  const attributes = probeAttributes(own(rule + value("there", "yes")));
  assert.deepEqual(attributes["n1"], { ...probe, ...on("n1") });
  assert.deepEqual(attributes["n2"], { ...probe, ...on("n2"), there: "yes" });
});
