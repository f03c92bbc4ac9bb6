import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { printXmlCompact } from "../../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { applyChange } from "../apply/apply-change.ts";
import { newClusterCib } from "../empty-cib.ts";
import { formatFinding } from "../schema/finding.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { formatVersion, readVersion } from "../version.ts";
import { latestForm } from "./latest-form.ts";
import { upgradeChange } from "./upgrade-change.ts";

const older =
  parsed(`<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="7" num_updates="3"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="crmd-integration-timeout" value="2min"/><nvpair id="o2" name="remove-after-stop" value="true"/><nvpair id="o3" name="stonith-action" value="poweroff"/><nvpair id="o4" name="empty"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="xen1"/><node id="3" uname="gw 1" type="ping"/></nodes>
<resources><master id="m"><meta_attributes id="mm"><nvpair id="mm1" name="restart-type" value="ignore"/></meta_attributes><primitive id="p" class="ocf" provider="heartbeat" type="drbd"/></master><primitive id="u" class="upstart" type="x"/><primitive id="a" class="lsb" type="x"/></resources>
<constraints>
<rsc_location id="l1" rsc="a"><rule id="r1" score="5"><expression id="e1" attribute="x" operation="defined"/></rule><rule id="r2" score="7"><expression id="e2" attribute="y" operation="defined"/></rule></rsc_location>
<rsc_location id="l2" rsc="a" node="xen1" score="100"><lifetime><rule id="r3" score="1"><date_expression id="d3" operation="lt" end="2026-01-01"/></rule><rule id="r4" score="1"><date_expression id="d4" operation="date_spec"><date_spec id="s4" hours="9" moon="4"/></date_expression></rule></lifetime></rsc_location>
<rsc_location id="l3"><resource_set id="s3"><resource_ref id="a"/></resource_set><rule id="r5" score="1"><expression id="e5" attribute="x" operation="defined"/></rule><rule id="r6" score="1"><expression id="e6" attribute="x" operation="defined"/></rule><lifetime><rule id="r7" score="1"><date_expression id="d7" operation="lt" end="2026-01-01"/></rule></lifetime></rsc_location>
<rsc_colocation id="c" rsc="a" with-rsc="p" score="1"><lifetime><rule id="r8" score="1"><expression id="e8" attribute="x" operation="defined"/></rule></lifetime></rsc_colocation>
</constraints>
<fencing-topology><fencing-level id="f1" target="xen1" index="12" devices="a"/></fencing-topology>
</configuration><status/></cib>`);

test("the latest form is valid and has no later one", () => {
  const { cib } = latestForm(older);
  assert.deepEqual(validateCib(cib).map(formatFinding), []);
  // The one notice that stays: a resource that nothing runs.
  assert.deepEqual(
    latestForm(cib).notices.map((each) => each.element),
    ['<primitive id="u">'],
  );
  assert.equal(latestForm(cib).cib, cib);
});

test("each old form becomes what it meant", () => {
  const { cib, notices } = latestForm(older);
  const text = printXmlCompact(cib);
  for (const part of [
    '<nvpair id="o1" name="join-integration-timeout" value="2min"/>',
    '<nvpair id="o3" name="stonith-action" value="off"/>',
    '<node id="3" uname="gw 1" type="member"/>',
    '<rsc_location id="ping-node-ban-gw-1" rsc-pattern=".*" node="gw 1" score="-INFINITY" resource-discovery="never"/>',
    '<clone id="m"><meta_attributes id="m-promotable-meta_attributes" score="INFINITY"><nvpair id="m-promotable" name="promotable" value="true"/></meta_attributes>',
    '<rsc_location id="l1-1" rsc="a"><rule id="r1" score="5">',
    '<rsc_location id="l1-2" rsc="a"><rule id="r2" score="7">',
    '<rsc_location id="l2" rsc="a"><rule id="l2-lifetime-and-rule" boolean-op="and" score="100"><expression id="l2-lifetime-node" attribute="#uname" operation="eq" value="xen1" type="string"/><rule id="l2-lifetime-or-rule" boolean-op="or"><rule id="r3">',
    '<date_spec id="s4" hours="9"/>',
    '<rsc_location id="l3-2"><resource_set id-ref="s3"/>',
    '<rsc_colocation id="c" rsc="a" with-rsc="p" score="1"/>',
    '<primitive id="u" class="upstart" type="x"/>',
    "<fencing-topology/>",
  ]) {
    assert.ok(text.includes(part), part);
  }
  for (const gone of ["remove-after-stop", "restart-type", "lifetime>", 'name="empty"', "moon"]) {
    assert.ok(!text.includes(gone), gone);
  }
  assert.equal(notices.length, 15);
});

test("an upgrade is a change that wins over every copy of the old CIB", () => {
  const upgrade = upgradeChange(older);
  assert.ok(upgrade);
  const applied = applyChange(older, upgrade.change);
  assert.ok(applied.ok);
  assert.equal(formatVersion(readVersion(applied.value.cib)), "1.2.0");
  assert.equal(upgradeChange(applied.value.cib), undefined);
  assert.equal(upgradeChange(newClusterCib()), undefined);
});

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
