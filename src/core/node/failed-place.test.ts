import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { failedPlace } from "./failed-place.ts";

const nodes = ["xen1", "xen2"];

const rows: readonly (readonly [
  resource: string,
  node: string,
  place: Readonly<Record<string, string>> | string,
])[] = [
  ["web", "xen1", { resource: "web", node: "xen1" }],
  ["web", "XEN1", { resource: "web", node: "xen1" }],
  ["web", "xen2", "HF4015"],
  ["web", "xen9", "HF4009"],
  ["shop", "xen1", "HF4008"],
  // A clone's instances have no numbers of their own, or have them.
  ["ping", "xen1", { resource: "ping", node: "xen1" }],
  ["ping:1", "xen1", { resource: "ping", node: "xen1" }],
  ["pings", "xen1", "HF4005"],
  ["disk", "xen2", { resource: "disk:1", node: "xen2" }],
  ["disk", "xen1", "HF4011"],
  ["disk:2", "xen1", { resource: "disk:2", node: "xen1" }],
  // A fence device runs nowhere, but is in use somewhere.
  ["pdu", "xen2", { resource: "pdu", node: "xen2" }],
  ["web", "far", { resource: "web", node: "xen2", remoteNode: "far" }],
];

for (const [resource, node, place] of rows) {
  const what = typeof place === "string" ? `is refused: ${place}` : `is told ${place["node"]}`;
  test(`that ${resource} has failed on ${node} ${what}`, () => {
    const found = failedPlace(cib(), { resource, node }, nodes);
    if (typeof place === "string") assert.equal(!found.ok && found.error.code, place);
    else assert.deepEqual(found, { ok: true, value: place });
  });
}

function cib(): XmlElement {
  const state = (id: string, histories: readonly string[]): string =>
    `<node_state id="${id}" uname="${id}"><lrm id="${id}"><lrm_resources>${histories.join("")}</lrm_resources></lrm></node_state>`;
  const history = (id: string, more = ""): string =>
    `<lrm_resource id="${id}" ${more}><lrm_rsc_op id="${id}_last_0" operation="start" call-id="1" op-status="0" rc-code="0"/></lrm_resource>`;
  const stopped = `<lrm_resource id="web"><lrm_rsc_op id="web_last_0" operation="monitor" call-id="1" op-status="0" rc-code="7"/></lrm_resource>`;
  const text = `<cib><configuration><crm_config/>
    <nodes><node id="n1" uname="xen1"/><node id="n2" uname="xen2"/></nodes>
    <resources><primitive id="web"/><primitive id="disk"/><primitive id="pdu" class="stonith"/>
      <clone id="pings"><primitive id="ping"/></clone>
      <primitive id="far" class="ocf" provider="pacemaker" type="remote"/></resources>
    <constraints/></configuration><status>
    ${state("n1", [history("web"), history("ping"), history("disk:0"), history("disk:2")])}
    ${state("n2", [stopped, history("disk:1"), history("pdu", 'class="stonith"'), history("far")])}
    ${state("far", [history("web")])}</status></cib>`;
  const read = parseXml(text);
  assert.ok(read.ok, text);
  return read.value;
}
