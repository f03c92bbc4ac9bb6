import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { printXmlCompact } from "../../../formats/xml/print-xml.ts";
import { descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { applyChange } from "../apply/apply-change.ts";
import type { CibChange } from "../change.ts";
import { readableCib } from "./readable-cib.ts";

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';

/** Watchers read everything but passwords and write target roles; owners write resources but not b. */
const cib =
  parsed(`<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="4" num_updates="2"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="enable-acl" value="true"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="xen1"/></nodes>
<resources>
<primitive id="a" ${dummy}><instance_attributes id="ai"><nvpair id="ai1" name="state" value="1"/><nvpair id="ai2" name="password" value="x"/></instance_attributes><meta_attributes id="am"><nvpair id="am1" name="target-role" value="Started"/></meta_attributes></primitive>
<primitive id="b" ${dummy}/></resources>
<constraints/>
<acls>
<acl_role id="watch"><acl_permission id="w1" kind="read" xpath="/cib"/><acl_permission id="w2" kind="deny" xpath="//nvpair[@name='password']"/><acl_permission id="w3" kind="write" xpath="//nvpair[@name='target-role']"/></acl_role>
<acl_role id="own"><acl_permission id="r1" kind="write" xpath="//resources"/><acl_permission id="r2" kind="deny" reference="b"/></acl_role>
<acl_role id="strange"><acl_permission id="s1" kind="read" xpath="/cib"/><acl_permission id="s2" kind="deny" xpath="//nvpair[lang('en')]"/></acl_role>
<acl_target id="tony"><role id="watch"/></acl_target>
<acl_target id="carla"><role id="own"/></acl_target>
<acl_target id="t3" name="zoe"><role id="strange"/></acl_target>
<acl_target id="nobody"/>
<acl_group id="night"><role id="watch"/></acl_group>
</acls></configuration><status/></cib>`);

test("a user reads what the nearest rule upwards allows, and frames with ids around it", () => {
  const tony = idsReadBy("tony");
  assert.ok(tony.includes("ai1") && !tony.includes("ai2"));
  const seen = readableCib(cib, { name: "carla", groups: [] });
  assert.ok(seen);
  assert.deepEqual(seen.attributes, {});
  assert.deepEqual(idsReadBy("carla"), ["a", "ai", "ai1", "ai2", "am", "am1"]);
});

test("groups and names of targets give roles; without a role nothing is readable", () => {
  assert.deepEqual(idsReadBy("guest", "night"), idsReadBy("tony"));
  assert.equal(readableCib(cib, { name: "night", groups: [] }), undefined);
  assert.equal(readableCib(cib, { name: "nobody", groups: [] }), undefined);
  assert.equal(readableCib(cib, { name: "t3", groups: [] }), undefined);
});

test("a prohibition whose XPath is not understood prohibits everything", () => {
  assert.equal(readableCib(cib, { name: "zoe", groups: [] }), undefined);
});

test("root and hacluster are not restricted, and nobody is with enable-acl off", () => {
  for (const name of ["root", "hacluster"]) {
    assert.equal(readableCib(cib, { name, groups: [] }), cib);
  }
  const off = parsed(printXmlCompact(cib).replace('name="enable-acl" value="true"', 'name="x"'));
  assert.equal(readableCib(off, { name: "nobody", groups: [] }), off);
});

const rows: readonly (readonly [
  user: string,
  change: CibChange,
  allowed: boolean,
  sentence: string,
])[] = [
  ["tony", modify('<nvpair id="am1" value="Stopped"/>'), true, "a writable value"],
  ["tony", modify('<nvpair id="ai1" value="2"/>'), false, "a readable value"],
  ["tony", modify('<nvpair id="ai2" value="2"/>'), false, "a hidden value"],
  ["tony", modify('<nvpair id="am1" name="password"/>'), false, "a writable pair into another"],
  ["tony", modify('<nvpair id="ai1" name="target-role"/>'), false, "another pair into a writable"],
  ["tony", remove("//nvpair[@id='am1']"), true, "a writable pair goes"],
  ["tony", remove("//meta_attributes"), false, "its set goes"],
  ["tony", { kind: "bump" }, false, "the epoch alone"],
  ["tony", { kind: "erase" }, false, "everything"],
  [
    "tony",
    create(
      "//primitive[@id='b']",
      '<meta_attributes id="bm"><nvpair id="bm1" name="target-role" value="x"/></meta_attributes>',
    ),
    true,
    "a frame around a writable pair",
  ],
  ["tony", create("//primitive[@id='b']", '<meta_attributes id="bm"/>'), false, "an empty frame"],
  [
    "tony",
    create("//acls", '<acl_target id="x"><role id="own"/></acl_target>'),
    false,
    "a role for another",
  ],
  [
    "tony",
    modify('<acl_target id="tony"><role id="own"/></acl_target>'),
    false,
    "a role for oneself",
  ],
  ["carla", create("//resources", `<primitive id="n" ${dummy}/>`), true, "a new resource"],
  ["carla", remove("//primitive[@id='a']"), true, "a resource goes with all that is in it"],
  ["carla", remove("//primitive[@id='b']"), false, "a prohibited resource goes"],
  ["carla", modify('<node id="1" uname="xen9"/>'), false, "what is not readable"],
  ["nobody", create("//configuration", "<tags/>"), false, "a section, without any role"],
];

for (const [name, change, allowed, sentence] of rows) {
  test(`${allowed ? "allowed" : "refused"} to ${name}: ${sentence}`, () => {
    const origin = {
      node: "n",
      client: "c",
      user: name,
      written: "w",
      access: { name, groups: [] },
    };
    const result = applyChange(cib, change, origin);
    if (!result.ok) assert.equal(result.error.code, "HF4014", JSON.stringify(result.error));
    assert.equal(result.ok, allowed);
  });
}

test("a change of the order is a change of what holds it", () => {
  const text = printXmlCompact(cib);
  const b = `<primitive id="b" ${dummy}/>`;
  const swapped = parsed(text.replace(b, "").replace('<primitive id="a"', `${b}<primitive id="a"`));
  const change: CibChange = { kind: "replace", at: { section: "all" }, xml: swapped };
  const by = (name: string) =>
    applyChange(cib, change, {
      node: "",
      client: "",
      user: "",
      written: "",
      access: { name, groups: [] },
    });
  assert.equal(by("tony").ok, false);
  assert.equal(by("carla").ok, true);
});

test("a refusal does not name what the user cannot read", () => {
  const access = { name: "tony", groups: [] };
  const origin = { node: "", client: "", user: "", written: "", access };
  const refused = applyChange(cib, remove("//nvpair[@name='password']"), origin);
  assert.ok(!refused.ok);
  assert.doesNotMatch(refused.error.message, /ai2|password/);
  assert.equal(refused.error.exit, 4);
});

function idsReadBy(name: string, ...groups: readonly string[]): readonly string[] {
  const seen = readableCib(cib, { name, groups });
  assert.ok(seen);
  return [...descendants(seen)].flatMap(({ attributes }) => attributes["id"] ?? []);
}

function modify(xml: string): CibChange {
  return { kind: "modify", at: { section: "all" }, xml: parsed(xml) };
}

function remove(xpath: string): CibChange {
  return { kind: "delete", at: { xpath } };
}

function create(xpath: string, xml: string): CibChange {
  return { kind: "create", at: { xpath }, xml: parsed(xml) };
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
