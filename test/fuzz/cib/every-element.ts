/** A valid CIB with every kind of element and nearly every attribute that the schema knows. */
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";

export function everyElement(): XmlElement {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const text = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">
<configuration>
  <crm_config><cluster_property_set id="o" score="5"><rule id="or" boolean-op="or" score="0"><expression id="ore" attribute="#uname" operation="eq" value="xen1" type="string"/><date_expression id="ord" operation="gt" start="2026-01-01"/></rule><nvpair id="o1" name="symmetric-cluster" value="true"/><nvpair id-ref="o1" name="x"/></cluster_property_set></crm_config>
  <nodes><node id="1" uname="xen1" type="member"><instance_attributes id="ni"><nvpair id="ni1" name="standby" value="off"/></instance_attributes><utilization id="nu"/></node><node id="2" uname="xen2"/></nodes>
  <resources>
    <template id="t" class="ocf" provider="heartbeat" type="Xen"><operations id="to"><op id="to1" name="monitor" interval="10s" role="Started" on-fail="restart" enabled="true" timeout="5s" start-delay="0"><meta_attributes id="to1m"/></op></operations></template>
    <primitive id="a" template="t"><meta_attributes id="am" score="INFINITY"><nvpair id="am1" name="target-role" value="Started"/></meta_attributes><instance_attributes id-ref="bi"/></primitive>
    <primitive id="f" class="stonith" type="fence_lab" description="d"/>
    <group id="g"><meta_attributes id="gm"/><primitive id="b" class="ocf" provider="heartbeat" type="Dummy"><instance_attributes id="bi"><nvpair id="bi1" name="state" value="1"/></instance_attributes><operations id-ref="to"/><utilization id="bu"><nvpair id="bu1" name="cpu" value="2"/></utilization></primitive><primitive id="c" class="systemd" type="x"/></group>
    <clone id="cl"><primitive id="cp" class="lsb" type="x"/></clone>
    <master id="ms"><group id="mg"><primitive id="mp" class="ocf" provider="p" type="Stateful"/></group></master>
    <bundle id="bn"><docker image="i" replicas="2" promoted-max="1"/><network ip-range-start="10.0.0.5" control-port="3121"><port-mapping id="pm1" port="80" internal-port="8080"/><port-mapping id="pm2" range="100-200"/></network><storage><storage-mapping id="sm1" source-dir="/a" target-dir="/b"/><storage-mapping id="sm2" source-dir-root="/a" target-dir="/b" options="rw"/></storage><primitive id="bnp" class="ocf" provider="heartbeat" type="x"/></bundle>
  </resources>
  <constraints>
    <rsc_location id="l1" rsc="a" node="xen1" score="100" resource-discovery="never"/>
    <rsc_location id="l2" rsc-pattern="a.*" role="Started"><rule id="l2r" score-attribute="x"><expression id="l2e" attribute="#ra" operation="defined"/></rule></rsc_location>
    <rsc_location id="l3" node="xen2" score="-INFINITY"><resource_set id="l3s" sequential="true"><resource_ref id="a"/><resource_ref id="b"/></resource_set></rsc_location>
    <rsc_location id="l4" rsc="b"><rule id="l4r" score="-INFINITY" boolean-op="and"><date_expression id="l4d" operation="in_range" start="2026-01-01" end="2026-02-01"><duration id="l4dd" years="1"/></date_expression><date_expression id="l4s" operation="date_spec"><date_spec id="l4ss" hours="9-16"/></date_expression><date_expression id="l4l" operation="lt" end="2026-01-01"/></rule></rsc_location>
    <rsc_colocation id="k1" rsc="a" with-rsc="b" score="INFINITY" rsc-role="Started"/>
    <rsc_colocation id="k2" score="5"><resource_set id="k2s"><resource_ref id="a"/></resource_set><resource_set id-ref="l3s"/></rsc_colocation>
    <rsc_order id="d1" first="a" then="g" first-action="start" kind="Optional" symmetrical="false"/>
    <rsc_order id="d2" kind="Serialize"><resource_set id="d2s" require-all="false" action="start" role="Started"><resource_ref id="a"/></resource_set></rsc_order>
    <rsc_ticket id="r1" rsc="a" rsc-role="Promoted" ticket="T" loss-policy="fence"/>
    <rsc_ticket id="r2" ticket="T"><resource_set id="r2s"><resource_ref id="a"/></resource_set></rsc_ticket>
  </constraints>
  <rsc_defaults><meta_attributes id="d"><rule id="dr"><rsc_expression id="dre" class="ocf" type="Xen"/></rule><nvpair id="dn" name="resource-stickiness" value="1"/></meta_attributes></rsc_defaults>
  <op_defaults><meta_attributes id="e"><rule id="er"><op_expression id="ere" name="monitor" interval="10s"/><rule id="err"><expression id="erre" attribute="x" operation="lt" value="3" value-source="literal"/></rule></rule></meta_attributes></op_defaults>
  <fencing-topology><fencing-level id="fl1" target="xen1" index="1" devices="f"/><fencing-level id="fl2" target-pattern="x.*" index="2" devices="f,g"/><fencing-level id="fl3" target-attribute="rack" target-value="1" index="3" devices="f"/></fencing-topology>
  <acls><acl_role id="ar" description="d"><acl_permission id="ap1" kind="read" xpath="/cib"/><acl_permission id="ap2" kind="write" reference="a"/><acl_permission id="ap3" kind="deny" object-type="nvpair" attribute="value"/></acl_role><acl_target id="tony"><role id="ar"/></acl_target><acl_group id="ops"><role id="ar"/></acl_group></acls>
  <tags><tag id="tg"><obj_ref id="a"/><obj_ref id="b"/></tag></tags>
  <alerts><alert id="al" path="/x" description="d"><meta_attributes id="alm"/><instance_attributes id="ali"/><select><select_attributes><attribute id="ala" name="x"/></select_attributes><select_fencing/><select_nodes/></select><recipient id="alr" value="y"><meta_attributes id="alrm"/></recipient></alert></alerts>
</configuration>
<status><anything at="all"/></status>
</cib>`;
