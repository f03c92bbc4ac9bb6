/** The clusters that are explored: guests that may migrate, on nodes that are all alike. */
import { assert } from "../../src/base/assert.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";

export type ExploredCluster = {
  readonly nodes: readonly string[];
  readonly guests: readonly string[];
  readonly hasFencing?: boolean;
};

export function exploredCib({ nodes, guests, hasFencing = true }: ExploredCluster): XmlElement {
  const parsed = parseXml(`<cib validate-with="pacemaker-4.0" crm_feature_set="3.20.0"
    admin_epoch="0" epoch="1" num_updates="0"><configuration>
    <crm_config><cluster_property_set id="options">
      <nvpair id="options-fencing" name="stonith-enabled" value="${hasFencing}"/>
    </cluster_property_set></crm_config>
    <nodes>${nodes.map((name) => `<node id="${name}" uname="${name}"/>`).join("")}</nodes>
    <resources>${guests.map(guest).join("")}${device}</resources>
    <constraints/></configuration><status/></cib>`);
  assert(parsed.ok, "the configuration is XML");
  return parsed.value;
}

/** Nodes can be fenced with it; that its own start and monitors work is another question, and not asked here. */
const device = `<primitive id="pdu" class="stonith" type="fence_pdu"><meta_attributes id="pdu-meta">
  <nvpair id="pdu-role" name="target-role" value="Stopped"/></meta_attributes></primitive>`;

function guest(id: string): string {
  return `<primitive id="${id}" class="ocf" provider="heartbeat" type="Xen">
    <operations><op id="${id}-monitor" name="monitor" interval="10s"/></operations>
    <meta_attributes id="${id}-meta">
      <nvpair id="${id}-migrates" name="allow-migrate" value="true"/>
    </meta_attributes></primitive>`;
}
