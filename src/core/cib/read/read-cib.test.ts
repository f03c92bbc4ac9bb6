import assert from "node:assert/strict";
import { test } from "node:test";
import { present } from "../../../base/assert.ts";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import {
  booleanOption,
  clusterOptions,
  durationOption,
  isValidOption,
  numberOption,
  optionNamed,
  textOption,
} from "./cluster-options.ts";
import { clusterOptionValues, noRuleHolds, readContext, valuesOf } from "./name-values.ts";
import { operationsOf } from "./operations.ts";
import { findResource, resourcesOf } from "./resource-lookup.ts";
import { agentOf, instanceAttributes, metaAttributes, metaValue } from "./resource-values.ts";

const cib = parsed(`<cib><configuration>
  <crm_config>
    <cluster_property_set id="late" score="10"><nvpair id="l1" name="symmetric-cluster" value="false"/><nvpair id="l2" name="cluster-delay" value="soon"/></cluster_property_set>
    <cluster_property_set id="cib-bootstrap-options"><nvpair id="b1" name="symmetric-cluster" value="yes"/><nvpair id="b2" name="stonith-enabled" value="off"/><nvpair id="b3" name="batch-limit" value="30"/></cluster_property_set>
  </crm_config>
  <nodes/>
  <resources>
    <template id="t" class="ocf" provider="heartbeat" type="Xen">
      <meta_attributes id="tm"><nvpair id="tm1" name="priority" value="1"/><nvpair id="tm2" name="allow-migrate" value="true"/></meta_attributes>
      <operations><op id="to1" name="monitor" interval="10s" timeout="60s"/><op id="to2" name="stop" interval="0" timeout="5min"/></operations>
    </template>
    <group id="g">
      <meta_attributes id="gm"><nvpair id="gm1" name="target-role" value="Stopped"/><nvpair id="gm2" name="priority" value="9"/></meta_attributes>
      <primitive id="a" template="t">
        <meta_attributes id="am"><nvpair id="am1" name="priority" value="5"/></meta_attributes>
        <instance_attributes id="ai1"><nvpair id="n1" name="x" value="first"/><nvpair id="n2" name="y" value="only"/></instance_attributes>
        <instance_attributes id="ai2"><nvpair id="n3" name="x" value="last"/></instance_attributes>
        <instance_attributes id="ai3" score="5"><nvpair id-ref="n2"/><nvpair id="n4" name="z" value="top"/></instance_attributes>
        <instance_attributes id="ai4" score="INFINITY"><rule id="r" score="0"/><nvpair id="n5" name="z" value="ruled"/></instance_attributes>
        <operations id="aops"><op id="ao1" name="monitor" interval="20s"><meta_attributes id="ao1m"><nvpair id="ao1m1" name="on-fail" value="block"/></meta_attributes></op></operations>
      </primitive>
      <primitive id="b" class="lsb" type="x"><instance_attributes id-ref="ai3"/><operations id-ref="aops"/></primitive>
    </group>
    <clone id="c"><meta_attributes id="cm"><nvpair id="cm1" name="master-max" value="2"/></meta_attributes><primitive id="cp" class="ocf" provider="p" type="S"/></clone>
  </resources>
  <constraints/>
  <rsc_defaults><meta_attributes id="d"><nvpair id="d1" name="resource-stickiness" value="100"/><nvpair id="d2" name="priority" value="77"/><nvpair id="d3" name="failure-timeout" value="#default"/></meta_attributes></rsc_defaults>
  <op_defaults><meta_attributes id="o"><nvpair id="o1" name="timeout" value="33s"/></meta_attributes></op_defaults>
</configuration><status/></cib>`);

const context = readContext(cib, noRuleHolds);
const found = (id: string) => present(findResource(cib, id), id);

test("of sets the higher score wins, of equal ones the last; references and rules count", () => {
  const values = instanceAttributes(context, found("a"));
  assert.deepEqual(Object.fromEntries(values), { x: "last", y: "only", z: "top" });
  const ruled = instanceAttributes(
    readContext(cib, () => true),
    found("a"),
  );
  assert.equal(ruled.get("z"), "ruled");
  assert.deepEqual(Object.fromEntries(instanceAttributes(context, found("b"))), {
    y: "only",
    z: "top",
  });
});

test("a meta attribute comes from the resource, its template, what it is in, the defaults, in this order", () => {
  const meta = metaAttributes(context, found("a"));
  assert.equal(metaValue(meta, "priority"), "5");
  assert.equal(metaValue(meta, "allow-migrate"), "true");
  assert.equal(metaValue(meta, "target-role"), "Stopped");
  assert.equal(metaValue(meta, "resource-stickiness"), "100");
  assert.equal(metaValue(meta, "failure-timeout"), "0");
  assert.equal(metaValue(meta, "migration-threshold"), "INFINITY");
  assert.equal(metaValue(meta, "constructor"), undefined);
  assert.equal(metaValue(metaAttributes(context, found("cp")), "promoted-max"), "2");
});

test("operations take the template's place by name and role, and defaults where they say nothing", () => {
  const operations = operationsOf(context, found("a"));
  assert.deepEqual(
    operations.map((op) => [op.id, op.name, op.intervalMs, op.timeoutMs, op.onFail]),
    [
      ["ao1", "monitor", 20_000, 33_000, "block"],
      ["to2", "stop", 0, 300_000, "block"],
    ],
  );
  assert.deepEqual(
    operationsOf(context, found("b")).map((op) => op.id),
    ["ao1"],
  );
});

test("resources are found with what they are in, and an agent's full name", () => {
  assert.deepEqual(
    resourcesOf(cib).map((each) => each.element.attributes["id"]),
    ["g", "a", "b", "c", "cp"],
  );
  assert.deepEqual(
    found("a").parents.map((each) => each.attributes["id"]),
    ["g"],
  );
  assert.equal(agentOf(context, found("a")), "ocf:heartbeat:Xen");
  assert.equal(agentOf(context, found("b")), "lsb:x");
  assert.equal(agentOf(context, found("g")), undefined);
  assert.equal(findResource(cib, "t"), undefined);
});

test("the bootstrap options come before every other set, old names are read, nonsense is not", () => {
  const set = clusterOptionValues(context);
  assert.equal(booleanOption(set, "symmetric-cluster"), true);
  assert.equal(booleanOption(set, "fencing-enabled"), false);
  assert.equal(durationOption(set, "cluster-delay"), 60_000);
  assert.equal(numberOption(set, "batch-limit"), 30);
  assert.equal(numberOption(set, "node-health-red"), -1_000_000);
  assert.equal(textOption(set, "no-quorum-policy"), "stop");
  assert.equal(textOption(set, "dc-version"), undefined);
  assert.equal(textOption(set, "nosuch"), undefined);
  assert.equal(optionNamed("stonith_enabled"), "fencing-enabled");
  assert.equal(optionNamed("nosuch"), undefined);
});

test("choices are read in any case, but the action of fencing", () => {
  const set = new Map([
    ["no-quorum-policy", "Freeze"],
    ["placement-strategy", "BALANCED"],
    ["fencing-action", "Off"],
  ]);
  assert.equal(textOption(set, "no-quorum-policy"), "freeze");
  assert.equal(textOption(set, "placement-strategy"), "balanced");
  assert.equal(textOption(set, "fencing-action"), "reboot");
});

test("every option's default is a valid value of it", () => {
  for (const [name, option] of Object.entries(clusterOptions)) {
    if (option.default !== undefined) assert.ok(isValidOption(option, option.default), name);
  }
  assert.equal(Object.keys(clusterOptions).length, 48);
});

test("one kind of sets of any element can be read", () => {
  const node = parsed(
    '<node id="1"><instance_attributes id="i"><nvpair id="n" name="standby" value="on"/></instance_attributes></node>',
  );
  assert.equal(valuesOf(context, node, "instance_attributes").get("standby"), "on");
});

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
