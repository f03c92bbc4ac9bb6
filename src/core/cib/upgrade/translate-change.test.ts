import assert from "node:assert/strict";
import { test } from "node:test";
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { withAttributes, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { applyChange } from "../apply/apply-change.ts";
import type { CibChange } from "../change.ts";
import { newClusterCib } from "../empty-cib.ts";
import type { CibSection } from "../sections.ts";
import { newSurprises, surprises } from "./surprises.ts";
import { translateChange } from "./translate-change.ts";

const options =
  '<cluster_property_set id="b"><attributes><nvpair id="b1" name="default_resource_stickiness" value="0"/><nvpair id="b2" name="default_resource_failure_stickiness" value="-500"/><nvpair id="b3" name="stonith_enabled" value="false"/></attributes></cluster_property_set>';
const guest = (id: string): string =>
  `<resources><primitive id="${id}" class="ocf" type="Xen" provider="heartbeat"><operations><op id="${id}-op" name="start" timeout="60s"/></operations><instance_attributes id="${id}"><attributes><nvpair id="${id}-a" name="target_role" value="started"/></attributes></instance_attributes></primitive></resources>`;

test("an old set of options goes to crm_config and, where they are defaults, to rsc_defaults", () => {
  const { cib, codes } = given(newClusterCib(), "create", "crm_config", options);
  assert.equal(valueAt(cib, "//crm_config//nvpair[@name='stonith-enabled']/@value"), "false");
  assert.equal(
    valueAt(
      cib,
      "//meta_attributes[@id='b-rsc-defaults']/nvpair[@name='resource-stickiness']/@value",
    ),
    "0",
  );
  assert.equal(valueAt(cib, "//nvpair[@name='migration-threshold']/@value"), "1");
  assert.deepEqual([...new Set(codes)].sort(), ["HF4100", "HF4101", "HF4102", "HF4103"]);
});

test("given a second time it exists already, as it does for cibadmin", () => {
  const { cib } = given(newClusterCib(), "create", "crm_config", options);
  assert.equal(exitOf(cib, "create", "crm_config", options), 108);
  const { cib: both } = given(cib, "create", "resources", guest("host1"));
  assert.equal(exitOf(both, "create", "resources", guest("host1")), 108);
  given(both, "create", "resources", guest("host2"));
});

test("a modified pair of options finds its place in the defaults", () => {
  const { cib } = given(newClusterCib(), "create", "crm_config", options);
  const pair = '<nvpair id="b1" name="default_resource_stickiness" value="100"/>';
  const { cib: changed } = given(cib, "modify", "crm_config", pair);
  assert.equal(valueAt(changed, "//rsc_defaults//nvpair[@id='b1']/@value"), "100");
  assert.equal(valueAt(changed, "//rsc_defaults//nvpair[@id='b1']/@name"), "resource-stickiness");
  const other = '<nvpair id="b3" name="stonith_enabled" value="true"/>';
  const { cib: fenced } = given(changed, "modify", "crm_config", other);
  assert.equal(valueAt(fenced, "//crm_config//nvpair[@id='b3']/@name"), "stonith-enabled");
});

test("a set whose id a resource of the CIB has is renamed the same way each time", () => {
  const { cib } = given(newClusterCib(), "create", "resources", guest("host1"));
  assert.equal(valueAt(cib, "//instance_attributes/@id"), "host1-instance_attributes");
  const again = guest("host1")
    .replace('value="started"', 'value="stopped"')
    .replace("<resources>", "")
    .replace("</resources>", "");
  const { cib: changed } = given(cib, "modify", "resources", again);
  assert.equal(valueAt(changed, "//nvpair[@name='target-role']/@value"), "stopped");
  assert.equal(valuesCount(changed, "//instance_attributes"), 1);
});

test("a piece of what is there says only what changes", () => {
  const whole = guest("host1").replace(
    "</primitive>",
    '<meta_attributes id="host1-meta"><attributes><nvpair id="host1-m" name="allow_migrate" value="true"/></attributes></meta_attributes></primitive>',
  );
  const { cib } = given(
    newClusterCib(),
    "create",
    "resources",
    whole.replace('timeout="60s"', 'timeout="60s" interval="10s"'),
  );
  const { cib: later } = given(cib, "modify", "resources", '<op id="host1-op" on_fail="stop"/>');
  assert.equal(valueAt(later, "//op/@interval"), "10s");
  assert.equal(valueAt(later, "//op/@on-fail"), "stop");
  const piece =
    '<primitive id="host1"><instance_attributes id="host1"><attributes><nvpair id="host1-a" name="target_role" value="stopped"/></attributes></instance_attributes></primitive>';
  const { cib: stopped } = given(later, "modify", "resources", piece);
  assert.equal(
    valueAt(stopped, "//meta_attributes[@id='host1-meta']/nvpair[@name='target-role']/@value"),
    "stopped",
  );
});

test("the failure stickiness is weighed against the stickiness that the CIB has", () => {
  const { cib } = given(
    newClusterCib(),
    "create",
    "crm_config",
    options
      .replace('"b1" name="default_resource_stickiness" value="0"', '"b1" name="x" value="0"')
      .replace("-500", "-1"),
  );
  assert.equal(valueAt(cib, "//nvpair[@name='migration-threshold']/@value"), "2");
});

test("what is written for today goes through untouched", () => {
  const change: CibChange = {
    kind: "create",
    at: { section: "resources" },
    xml: parsed(
      '<primitive id="a" class="ocf" provider="heartbeat" type="X"><instance_attributes id="i"><nvpair id="n" name="clone_max" value="1"/></instance_attributes></primitive>',
    ),
  };
  const translated = translateChange(newClusterCib(), change);
  assert.equal(translated.change, change);
  assert.deepEqual(translated.notices, []);
});

test("a whole old CIB that replaces the running one is upgraded on the way", () => {
  const old = parsed(
    '<cib admin_epoch="1" epoch="1" num_updates="1" generated="true"><configuration><crm_config/><nodes/><resources><master_slave id="m"><primitive id="p" class="ocf" provider="heartbeat" type="drbd"/></master_slave></resources><constraints/></configuration><status/></cib>',
  );
  const { cib } = givenChange(newClusterCib(), {
    kind: "replace",
    at: { section: "all" },
    xml: old,
  });
  assert.equal(valueAt(cib, "//clone/@id"), "m");
  assert.equal(valueAt(cib, "//crm_config//nvpair/@name"), "stonith-enabled");
});

test("changes in a sequence are translated each", () => {
  const one: CibChange = { kind: "create", at: { section: "resources" }, xml: parsed(guest("a")) };
  const { notices } = translateChange(newClusterCib(), {
    kind: "sequence",
    changes: [one, { kind: "bump" }],
  });
  assert.ok(notices.length > 0);
});

test("what will surprise is said for an imported configuration, and not for a new cluster", () => {
  const { cib } = given(newClusterCib(), "create", "crm_config", options);
  const nodes = parsed('<nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes>');
  const { cib: two } = givenChange(cib, { kind: "create", at: { section: "nodes" }, xml: nodes });
  assert.deepEqual(
    surprises(two).map((each) => each.code),
    ["HF4120", "HF4121", "HF4122"],
  );
  assert.deepEqual(surprises(newClusterCib()), []);
  assert.deepEqual(newSurprises(two, two), []);
  assert.deepEqual(
    newSurprises(newClusterCib(), two).map((each) => each.code),
    ["HF4120", "HF4121", "HF4122"],
  );
  const forever =
    '<rsc_defaults><meta_attributes id="f"><nvpair id="f1" name="failure-timeout" value="0"/></meta_attributes></rsc_defaults>';
  const { cib: kept } = given(two, "create", "rsc_defaults", forever);
  assert.ok(surprises(kept).some((each) => each.code === "HF4123"));
});

test("fencing without a device is a surprise as soon as there is something to take over", () => {
  const guests = given(newClusterCib(), "create", "resources", guest("a")).cib;
  assert.deepEqual(
    surprises(guests).map((each) => each.code),
    ["HF4124"],
  );
  const device = '<primitive id="pdu" class="stonith" type="fence_lab"/>';
  assert.deepEqual(surprises(given(guests, "create", "resources", device).cib), []);
  const template = '<template id="t" class="stonith" type="fence_lab"/>';
  const made = given(guests, "create", "resources", template).cib;
  const derived = given(made, "create", "resources", '<primitive id="pdu" template="t"/>').cib;
  assert.deepEqual(surprises(derived), []);
});

function given(cib: XmlElement, kind: "create" | "modify", section: CibSection, xml: string) {
  return givenChange(cib, { kind, at: { section }, xml: parsed(xml) });
}

function givenChange(cib: XmlElement, change: CibChange): { cib: XmlElement; codes: string[] } {
  const translated = translateChange(cib, change);
  const applied = applyChange(cib, translated.change);
  assert.ok(applied.ok, JSON.stringify(applied));
  return { cib: applied.value.cib, codes: translated.notices.map((each) => each.code) };
}

function exitOf(cib: XmlElement, kind: "create", section: CibSection, xml: string): number {
  const { change } = translateChange(cib, { kind, at: { section }, xml: parsed(xml) });
  const applied = applyChange(cib, change);
  return applied.ok ? 0 : applied.error.exit;
}

function valueAt(cib: XmlElement, xpath: string): string | undefined {
  const selected = selectXPath(cib, xpath);
  assert.ok(selected.ok, xpath);
  const [match] = selected.value;
  return match?.attribute && match.element.attributes[match.attribute];
}

function valuesCount(cib: XmlElement, xpath: string): number {
  const selected = selectXPath(cib, xpath);
  return selected.ok ? selected.value.length : -1;
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return withAttributes(result.value, {});
}
