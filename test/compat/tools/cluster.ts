/** A small cluster as a CIB in a file, about which the tools are asked: something of everything that they tell of or change. */
import assert from "node:assert/strict";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../../src/formats/xml/print-xml.ts";

/** Rules with dates that have passed, will come, or are no single date. */
const dated: readonly (readonly [id: string, inside: string])[] = [
  ["gt", '<date_expression id="gt-d" operation="gt" start="2020-01-01"/>'],
  ["gt-later", '<date_expression id="gt-later-d" operation="gt" start="2130-01-01"/>'],
  ["lt", '<date_expression id="lt-d" operation="lt" end="2020-01-01"/>'],
  ["lt-later", '<date_expression id="lt-later-d" operation="lt" end="2130-01-01"/>'],
  [
    "range",
    '<date_expression id="range-d" operation="in_range" start="2010-01-01" end="2130-01-01"/>',
  ],
  ["range-over", '<date_expression id="range-over-d" operation="in_range" end="2011-01-01"/>'],
  [
    "range-long",
    '<date_expression id="range-long-d" operation="in_range" start="2010-01-01"><duration id="range-long-u" years="1"/></date_expression>',
  ],
  [
    "spec-hours",
    '<date_expression id="spec-hours-d" operation="date_spec"><date_spec id="spec-hours-s" hours="9-16"/></date_expression>',
  ],
  [
    "spec-years",
    '<date_expression id="spec-years-d" operation="date_spec"><date_spec id="spec-years-s" years="2010-2130"/></date_expression>',
  ],
  [
    "spec-later",
    '<date_expression id="spec-later-d" operation="date_spec"><date_spec id="spec-later-s" years="2130"/></date_expression>',
  ],
  [
    "spec-over",
    '<date_expression id="spec-over-d" operation="date_spec"><date_spec id="spec-over-s" years="2010" months="12"/></date_expression>',
  ],
  [
    "two",
    '<date_expression id="two-d" operation="gt" start="2020-01-01"/><date_expression id="two-e" operation="gt" start="2020-01-01"/>',
  ],
  ["none", '<expression id="none-e" attribute="#uname" operation="eq" value="xen1"/>'],
  [
    "both",
    '<date_expression id="both-d" operation="gt" start="2020-01-01"/><expression id="both-e" attribute="#uname" operation="eq" value="xen1"/>',
  ],
  [
    "outer",
    '<rule id="inner"><date_expression id="inner-d" operation="gt" start="2020-01-01"/></rule>',
  ],
];

function location(id: string, inside: string): string {
  return `<rsc_location id="l-${id}" rsc="host1"><rule id="${id}" score="1">${inside}</rule></rsc_location>`;
}

export const cluster =
  printed(`<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="40" num_updates="7" admin_epoch="0" have-quorum="1" dc-uuid="1">
  <configuration>
    <crm_config>
      <cluster_property_set id="o">
        <nvpair id="o-stonith" name="stonith-enabled" value="false"/>
        <nvpair id="o-delay" name="cluster-delay" value="60s"/>
      </cluster_property_set>
    </crm_config>
    <nodes>
      <node id="1" uname="xen1">
        <instance_attributes id="nodes-1">
          <nvpair id="nodes-1-rack" name="rack" value="5"/>
        </instance_attributes>
        <utilization id="nodes-1-utilization">
          <nvpair id="nodes-1-utilization-memory" name="memory" value="4096"/>
        </utilization>
      </node>
      <node id="2" uname="xen2"/>
    </nodes>
    <resources>
      <primitive id="host1" class="ocf" provider="pacemaker" type="Dummy">
        <instance_attributes id="host1-p">
          <nvpair id="host1-p-state" name="state" value="/run/host1.state"/>
        </instance_attributes>
        <meta_attributes id="host1-m">
          <nvpair id="host1-m-role" name="target-role" value="Started"/>
        </meta_attributes>
        <operations>
          <op id="host1-monitor" name="monitor" interval="10s" timeout="20s"/>
        </operations>
      </primitive>
      <primitive id="host2" class="ocf" provider="heartbeat" type="Dummy"/>
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="nothing" class="ocf" provider="heartbeat" type="Nothing"/>
      <primitive id="pdu" class="stonith" type="fence_dummy"/>
      <clone id="pings"><primitive id="ping" class="ocf" provider="pacemaker" type="Dummy"/></clone>
      <group id="web"><primitive id="page" class="ocf" provider="pacemaker" type="Dummy"/></group>
    </resources>
    <constraints>
      <rsc_ticket id="t1" rsc="host2" ticket="ticketA" loss-policy="stop"/>
      ${dated.map(([id, inside]) => location(id, inside)).join("")}
    </constraints>
    <rsc_defaults>
      <meta_attributes id="rsc-options">
        <nvpair id="rsc-options-stickiness" name="resource-stickiness" value="1"/>
      </meta_attributes>
    </rsc_defaults>
    <op_defaults/>
  </configuration>
  <status>
    <node_state id="1" uname="xen1" in_ccm="true" crmd="online" join="member" expected="member" crm-debug-origin="x">
      <transient_attributes id="1">
        <instance_attributes id="status-1">
          <nvpair id="status-1-pingd" name="pingd" value="1000"/>
          <nvpair id="status-1-fail" name="fail-count-host2#monitor_10000" value="2"/>
          <nvpair id="status-1-last" name="last-failure-host2#monitor_10000" value="1240000000"/>
        </instance_attributes>
      </transient_attributes>
    </node_state>
    <node_state id="2" uname="xen2" in_ccm="true" crmd="online" join="member" expected="member" crm-debug-origin="x"/>
    <tickets>
      <ticket_state id="ticketA" granted="true" last-granted="1240000000" standby="false"/>
    </tickets>
  </status>
</cib>
`);

/** As the tools write it: what they do not change stays byte for byte. */
function printed(text: string): string {
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  return printXml(parsed.value);
}
