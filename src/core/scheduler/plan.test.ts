import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS } from "../../../test/scheduler/small-cluster.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { withChildren, type XmlElement } from "../../formats/xml/xml-element.ts";
import { plan } from "./plan.ts";

const key = "1:1:0:00000000-0000-0000-0000-000000000001";
const migration = 'migrate_source="n1" migrate_target="n2"';

/** n1's history of vm:0 ends with a stop that is recorded as older than the failed migration away from it. */
const histories: Readonly<Record<string, string>> = {
  n1: `<lrm_rsc_op id="stop" operation="stop" interval="0" call-id="13" on_node="n1" rc-code="0" op-status="0" transition-key="${key}" transition-magic="0:0;${key}"/>
    <lrm_rsc_op id="to" operation="migrate_to" interval="0" call-id="14" ${migration} rc-code="1" op-status="4" transition-key="${key}" transition-magic="4:1;${key}"/>`,
  n2: `<lrm_rsc_op id="from" operation="migrate_from" interval="0" call-id="4" ${migration} rc-code="0" op-status="0" transition-key="${key}" transition-magic="0:0;${key}"/>`,
};

test("an instance that is active elsewhere is told of stops, though its last operation stopped it", () => {
  const cib = cibOf({
    options: { "fencing-enabled": "false" },
    resources:
      '<clone id="c"><meta_attributes id="cm"><nvpair id="cmn" name="notify" value="true"/></meta_attributes><primitive id="vm" class="ocf" provider="pacemaker" type="Stateful"/></clone>',
    probed: false,
  });
  const { graph } = plan({ cib: withHistories(cib), now: nowS, sanitized: true });
  const told = graph.synapses.filter(({ action }) => action.key === "vm:0_pre_notify_stop_0");
  assert.equal(told.length, 2);
});

function withHistories(of: XmlElement): XmlElement {
  const operations = histories[of.attributes["uname"] ?? ""];
  if (of.name !== "node_state" || operations === undefined) {
    return withChildren(of, of.children.map(withHistories));
  }
  const lrm = parseXml(
    `<lrm id="l"><lrm_resources><lrm_resource id="vm:0" type="Stateful" class="ocf" provider="pacemaker">${operations}</lrm_resource></lrm_resources></lrm>`,
  );
  assert.ok(lrm.ok);
  return withChildren(of, [lrm.value]);
}
