import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { present } from "../../../base/assert.ts";
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { printXmlCompact } from "../../../formats/xml/print-xml.ts";
import { withAttributes, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { formatNotice } from "../notice.ts";
import { formatFinding } from "../schema/finding.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { migrationThreshold } from "./failure-stickiness.ts";
import { latestForm } from "./latest-form.ts";
import { translateChange } from "./translate-change.ts";
import { upgradeCib } from "./upgrade-cib.ts";

/** A CIB as Heartbeat wrote it, with something of every kind. */
const heartbeat = parsed(`
<cib admin_epoch="0" epoch="12" num_updates="34" have_quorum="true" dc_uuid="u1" generated="true" ccm_transition="2" num_peers="2" cib_feature_revision="2.0" ignore_dtd="false" cib_last_written="Mon Apr  6 21:30:05 2009" crm_feature_set="2.0">
<configuration>
  <crm_config>
    <cluster_property_set id="o1"><attributes>
      <nvpair id="o1-1" name="transition_idle_timeout" value="60"/>
      <nvpair id="o1-2" name="default_resource_stickiness" value="100"/>
      <nvpair id="o1-3" name="default_resource_failure_stickiness" value="-40"/>
      <nvpair id="o1-4" name="no_quorum_policy" value="ignore"/>
      <nvpair id="o1-5" name="is_managed_default" value="false"/>
      <nvpair id="o1-6" name="default_action_timeout" value="30s"/>
      <nvpair id="o1-7" name="remove_after_stop" value="false"/>
      <nvpair id="o1-8" name="dc_deadtime" value="10s"/>
      <nvpair id="o1-9" name="my_own_option" value="x"/>
    </attributes></cluster_property_set>
  </crm_config>
  <nodes><node id="u1" uname="xen1" type="normal"><instance_attributes id="nodes-u1"><attributes><nvpair id="standby-u1" name="standby" value="off"/></attributes></instance_attributes></node><node id="u2" uname="xen2" type="normal"/></nodes>
  <resources>
    <primitive id="host1" class="ocf" type="Xen" provider="heartbeat" is_managed="false">
      <operations>
        <op id="host1-op01" name="monitor" interval="10s" timeout="60s" prereq="nothing" on_fail="nothing" role="started"/>
        <op id="host1-op02" name="start" timeout="60s" start_delay="0" prereq="quorum"/>
        <op id="host1-op03" name="stop" timeout="300s" disabled="true"/>
      </operations>
      <instance_attributes id="host1"><attributes>
        <nvpair id="a1" name="xmfile" value="/etc/xen/host1.dom"/>
        <nvpair id="a2" name="target_role" value="stopped"/>
        <nvpair id="a3" name="resource_failure_stickiness" value="-INFINITY"/>
      </attributes></instance_attributes>
      <meta_attributes id="host1-meta01"><attributes><nvpair id="a4" name="allow_migrate" value="true"/></attributes></meta_attributes>
    </primitive>
    <primitive id="ip" class="heartbeat" type="IPaddr" provider="heartbeat"><instance_attributes id="ia"><rule id="ipr" boolean_op="or"><expression id="ipe" attribute="#uname" operation="eq" value="xen1"/></rule><attributes><nvpair id="x" name="1" value="10.0.0.9"/></attributes></instance_attributes></primitive>
    <group id="web" ordered="true" collocated="true"><primitive id="web:1" class="lsb" type="apache"/><primitive id="2nd" class="lsb" type="x"/></group>
    <clone id="cl" notify="true" interleave="true"><instance_attributes id="cli"><attributes><nvpair id="x" name="clone_max" value="2"/></attributes></instance_attributes><primitive id="cp" class="ocf" provider="heartbeat" type="Dummy"/></clone>
    <master_slave id="ms"><meta_attributes id="msm"><attributes><nvpair id="msm1" name="master_max" value="1"/></attributes></meta_attributes><primitive id="mp" class="ocf" provider="heartbeat" type="drbd"/></master_slave>
  </resources>
  <constraints>
    <rsc_location id="loc" rsc="host1"><rule id="r1" score="-infinity" boolean_op="and"><expression id="x" attribute="#uname" operation="eq" value="xen2"/></rule></rsc_location>
    <rsc_location id="loc2" rsc="web:1"><rule id="r2"/></rsc_location>
    <rsc_location id="loc3" rsc="ip"><rule id="r3" score_attribute="pingd"><date_expression id="de" start="2009-01-01"/></rule></rsc_location>
    <rsc_colocation id="col" from="host1" to="ip" to_role="master" from_role="started" score="100.0" symmetrical="true"/>
    <rsc_order id="ord1" from="host1" to="ip"/>
    <rsc_order id="ord2" from="host1" type="before" action="start" to="ip" to_action="stop" symmetrical="false"/>
    <rsc_order id="ord3" from="host1" type="after" action="promote" to="ip" score="0"/>
  </constraints>
</configuration>
<status><node_state id="u1" uname="xen1"><lrm id="u1"><lrm_resources><lrm_resource id="host1"><lrm_rsc_op id="host1_start_0" operation="start" call_id="3" rc_code="0" op_status="0" interval="0" transition_key="1:2:u" transition_magic="0:0;1:2:u" op_digest="d"/></lrm_resource></lrm_resources></lrm></node_state></status>
</cib>`);

const { cib, notices } = upgradeCib(heartbeat);

test("an upgraded CIB is valid, and nothing is left to upgrade", () => {
  assert.deepEqual(validateCib(cib).map(formatFinding), []);
  assert.deepEqual(upgradeCib(cib).notices.map(formatNotice), []);
  assert.equal(upgradeCib(cib).cib, cib);
});

test("every row of the table of old forms is translated", () => {
  for (const [xpath, expected] of [
    ["/cib/@dc-uuid", "u1"],
    ["/cib/@have-quorum", "true"],
    ["/cib/@generated", undefined],
    ["/cib/@cib_feature_revision", undefined],
    ["/cib/@validate-with", "pacemaker-3.9"],
    ["//attributes", undefined],
    ["//crm_config//nvpair[@name='cluster-delay']/@value", "60"],
    ["//crm_config//nvpair[@name='no-quorum-policy']/@value", "ignore"],
    ["//crm_config//nvpair[@name='dc-deadtime']/@value", "10s"],
    ["//crm_config//nvpair[@name='my_own_option']/@value", "x"],
    ["//crm_config//nvpair[@name='stonith-enabled']/@value", "false"],
    ["//crm_config//nvpair[starts-with(@name,'remove')]", undefined],
    ["//rsc_defaults//nvpair[@name='resource-stickiness']/@value", "100"],
    ["//rsc_defaults//nvpair[@name='is-managed']/@value", "false"],
    ["//rsc_defaults//nvpair[@name='migration-threshold']/@value", "3"],
    ["//op_defaults//nvpair[@name='timeout']/@value", "30s"],
    ["//node[@uname='xen1']/@type", "member"],
    ["//node//nvpair[@name='standby']/@value", "off"],
    ["//op[@name='monitor']/@on-fail", "ignore"],
    ["//op[@name='monitor']/@role", "Started"],
    ["//op/@prereq | //op/@requires", undefined],
    ["//op[@name='start']/@start-delay", "0"],
    ["//op[@name='start']/@interval", "0"],
    ["//op[@name='stop']/@enabled", "false"],
    ["//primitive[@id='host1']/meta_attributes/nvpair[@name='requires']/@value", "quorum"],
    ["//primitive[@id='host1']/meta_attributes/nvpair[@name='is-managed']/@value", "false"],
    ["//primitive[@id='host1']/meta_attributes/nvpair[@name='target-role']/@value", "stopped"],
    ["//primitive[@id='host1']/meta_attributes/nvpair[@name='allow-migrate']/@value", "true"],
    ["//primitive[@id='host1']/meta_attributes/nvpair[@name='migration-threshold']/@value", "1"],
    ["//primitive[@id='host1']/instance_attributes/nvpair[@name='target_role']", undefined],
    ["//primitive[@id='host1']/instance_attributes/@id", "host1-instance_attributes"],
    ["//primitive[@id='ip']/@provider", undefined],
    ["//primitive[@id='ip']//rule/@boolean-op", "or"],
    ["//group/meta_attributes/nvpair[@name='collocated']/@value", "true"],
    ["//group/primitive[1]/@id", "web-1"],
    ["//group/primitive[2]/@id", "primitive-2nd"],
    ["//clone[@id='cl']/meta_attributes/nvpair[@name='clone-max']/@value", "2"],
    ["//clone[@id='ms']/meta_attributes/nvpair[@name='promotable']/@value", "true"],
    ["//clone[@id='ms']/meta_attributes/nvpair[@name='promoted-max']/@value", "1"],
    ["//rsc_location[@id='loc']/rule/@score", "-INFINITY"],
    ["//rsc_location[@id='loc']/rule/@boolean-op", "and"],
    ["//rsc_location[@id='loc2']/@rsc", "web-1"],
    ["//rsc_location[@id='loc2']/rule/@score", "0"],
    ["//rsc_location[@id='loc2']/rule/expression/@operation", "defined"],
    ["//rsc_location[@id='loc3']/rule/@score-attribute", "pingd"],
    ["//date_expression/@operation", "in_range"],
    ["//rsc_colocation/@rsc", "host1"],
    ["//rsc_colocation/@with-rsc", "ip"],
    ["//rsc_colocation/@rsc-role", "Started"],
    ["//rsc_colocation/@with-rsc-role", "Master"],
    ["//rsc_colocation/@score", "100"],
    ["//rsc_colocation/@symmetrical", undefined],
    ["//rsc_order[@id='ord1']/@first", "ip"],
    ["//rsc_order[@id='ord1']/@then", "host1"],
    ["//rsc_order[@id='ord1']/@then-action", "start"],
    ["//rsc_order[@id='ord2']/@first", "host1"],
    ["//rsc_order[@id='ord2']/@first-action", "start"],
    ["//rsc_order[@id='ord2']/@then-action", "stop"],
    ["//rsc_order[@id='ord2']/@symmetrical", "false"],
    ["//rsc_order[@id='ord3']/@first", "ip"],
    ["//rsc_order[@id='ord3']/@first-action", "promote"],
    ["//rsc_order[@id='ord3']/@then-action", "promote"],
    ["//lrm_rsc_op/@op-status", "0"],
    ["//lrm_rsc_op/@transition-magic", "0:0;1:2:u"],
    ["//lrm_rsc_op/@op_digest", undefined],
  ] as const) {
    assert.equal(first(xpath), expected, xpath);
  }
});

test("nothing is lost without a notice: every value of the old CIB is in the new one or in a notice", () => {
  const told = notices.map((each) => `${each.element} ${each.from} ${each.to}`).join("\n");
  const now = printXmlCompact(cib);
  for (const value of valuesOf(heartbeat)) {
    assert.ok(now.includes(`"${value}"`) || told.includes(value), `${value} is lost`);
  }
});

test("each notice says which element, what it was, what it is and why", () => {
  const byElement = (element: string) => notices.filter((each) => each.element === element);
  assert.deepEqual(
    byElement('<op id="host1-op01">').map((each) => [each.code, each.from, each.to]),
    [
      ["HF4101", "on_fail", "on-fail"],
      ["HF4107", "role=started", "role=Started"],
      ["HF4106", "prereq=nothing", ""],
      ["HF4107", "on-fail=nothing", "on-fail=ignore"],
    ],
  );
  for (const each of notices) {
    assert.match(each.why, /^[A-Z].*\.$/, formatNotice(each));
    assert.ok(each.from !== "" || each.to !== "");
  }
});

test("the same id twice gives other ids to the sets, and references follow a mended id", () => {
  const ids = present(
    selectXPath(cib, "//nvpair/@id").ok ? selectXPath(cib, "//nvpair/@id") : undefined,
    "ids",
  );
  assert.ok(ids.ok);
  const names = ids.value.map((match) => match.element.attributes["id"]);
  assert.equal(new Set(names).size, names.length);
  assert.ok(notices.some((each) => each.code === "HF4111" && each.to === "id web-1"));
});

test("a threshold is where stickiness less all failures first falls below zero", () => {
  for (const [failure, stickiness, threshold] of [
    ["-500", 0, "1"],
    ["-40", 100, "3"],
    ["-50", 100, "3"],
    ["-101", 100, "1"],
    ["-INFINITY", 100, "1"],
    ["-infinity", 0, "1"],
    ["-1", 1_000_000, undefined],
    ["0", 0, undefined],
    ["5", 0, undefined],
    ["-500", -10, "1"],
  ] as const) {
    assert.equal(migrationThreshold(failure, stickiness), threshold, `${failure} ${stickiness}`);
  }
});

test("a CIB of today stays the object that it is", () => {
  const today = parsed(
    '<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>',
  );
  assert.equal(upgradeCib(today).cib, today);
});

test("fencing is not switched off in the CIB of a later cluster, however its options are spelled", () => {
  for (const [schema, expected] of [
    ["", "false"],
    ['validate-with="transitional-0.6"', "false"],
    ['validate-with="pacemaker-1.0"', undefined],
    ['validate-with="pacemaker-2.10"', undefined],
  ] as const) {
    const text = `<cib ${schema}><configuration><crm_config><cluster_property_set id="o"><nvpair id="o1" name="no_quorum_policy" value="stop"/></cluster_property_set></crm_config></configuration></cib>`;
    const upgraded = selectXPath(upgradeCib(parsed(text)).cib, "//nvpair[@name='stonith-enabled']");
    assert.ok(upgraded.ok);
    assert.equal(upgraded.value[0]?.element.attributes["value"], expected, schema);
  }
});

test("no tree makes the upgrade throw, and what it gives is settled", () => {
  const names = fc.constantFrom(
    "cib",
    "configuration",
    "crm_config",
    "cluster_property_set",
    "attributes",
    "nvpair",
    "primitive",
    "master_slave",
    "op",
    "operations",
    "rsc_order",
    "rsc_colocation",
    "rule",
    "status",
    "meta_attributes",
    "instance_attributes",
  );
  const keys = fc.constantFrom(
    "id",
    "name",
    "value",
    "from",
    "to",
    "type",
    "prereq",
    "disabled",
    "score",
    "role",
    "on_fail",
    "generated",
    "is_managed",
  );
  const values = fc.constantFrom(
    "",
    "a",
    "1",
    "a:b",
    "default_resource_failure_stickiness",
    "target_role",
    "-infinity",
    "1.5",
    "start",
    "requires",
  );
  const trees = fc.letrec<{ node: XmlElement }>((tie) => ({
    node: fc.record({
      name: names,
      attributes: fc.dictionary(keys, values, { maxKeys: 4 }).map((each) => ({ ...each })),
      children: fc.oneof({ maxDepth: 5 }, fc.constant([]), fc.array(tie("node"), { maxLength: 4 })),
    }),
  })).node;
  fc.assert(
    fc.property(trees, (tree) => {
      const once = upgradeCib(withAttributes(tree, { "validate-with": undefined }));
      assert.equal(upgradeCib(once.cib).cib, once.cib);
      const at = { section: "resources" } as const;
      translateChange(cib, { kind: "modify", at, xml: tree });
      latestForm(tree);
    }),
    { numRuns: 300 },
  );
});

function first(xpath: string): string | undefined {
  const selected = selectXPath(cib, xpath);
  assert.ok(selected.ok, xpath);
  const [match] = selected.value;
  return (
    match &&
    (match.attribute === undefined ? match.element.name : match.element.attributes[match.attribute])
  );
}

function* valuesOf(of: XmlElement): Generator<string> {
  for (const value of Object.values(of.attributes)) if (value !== "") yield value;
  for (const child of of.children) yield* valuesOf(child);
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
