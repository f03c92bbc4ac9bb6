import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { devicesFor, fenceLevels } from "./fence-devices.ts";

function device(id: string, parameters: Readonly<Record<string, string>>, meta = ""): string {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return `<primitive id="${id}" class="stonith" type="fence_lab">
    <instance_attributes id="${id}-ia">${pairs.join("")}</instance_attributes>${meta}</primitive>`;
}

function cibWith(devices: readonly string[], topology = ""): XmlElement {
  const parsed =
    parseXml(`<cib admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>
    <nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes>
    <resources>${devices.join("")}</resources><constraints/>
    <fencing-topology>${topology}</fencing-topology></configuration><status/></cib>`);
  assert.ok(parsed.ok);
  return parsed.value;
}

const stopped = `<meta_attributes id="off-m"><nvpair id="off-r" name="target-role" value="Stopped"/></meta_attributes>`;
const devices = [
  device("ipmi1", { pcmk_host_list: "xen1" }),
  device("ipmi2", { pcmk_host_map: "xen2:2" }),
  device("pdu", { pcmk_host_list: "xen1, xen2" }),
  device("asks", { pcmk_host_check: "dynamic-list" }),
  device("any", { pcmk_host_check: "none" }),
  device("nobody", { pcmk_host_check: "static-list" }),
  device("off", { pcmk_host_list: "xen1 xen2" }, stopped),
];

test("a device is for the nodes that it names, for all, or for those it knows itself; never a stopped one", () => {
  const names = (node: string): readonly string[] =>
    devicesFor(cibWith(devices), node).map(({ id }) => id);
  assert.deepEqual(names("xen1"), ["ipmi1", "pdu", "asks", "any"]);
  assert.deepEqual(names("xen2"), ["ipmi2", "pdu", "asks", "any"]);
  assert.deepEqual(names("xen3"), ["asks", "any"]);
});

test("without levels each of them is one; levels are tried in their order, and only whole", () => {
  const levels = (node: string, topology?: string): readonly (readonly string[])[] =>
    fenceLevels(cibWith(devices, topology), node).map((level) => level.map(({ id }) => id));
  assert.deepEqual(levels("xen1"), [["ipmi1"], ["pdu"], ["asks"], ["any"]]);
  const topology = `<fencing-level id="b" target="xen1" index="2" devices="pdu,any"/>
    <fencing-level id="a" target="xen1" index="1" devices="ipmi1"/>
    <fencing-level id="c" target="xen1" index="3" devices="pdu,gone"/>`;
  assert.deepEqual(levels("xen1", topology), [["ipmi1"], ["pdu", "any"]]);
});
