import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { printXmlCompact } from "../../../formats/xml/print-xml.ts";
import { child, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { readableCib } from "../acl/readable-cib.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { upgradeCib } from "./upgrade-cib.ts";

const rows: readonly (readonly [what: string, old: string, today: string])[] = [
  [
    "a user with a role",
    '<acl_user id="u"><role_ref id="r"/></acl_user><acl_role id="r"/>',
    '<acl_target id="u"><role id="r"/></acl_target><acl_role id="r"/>',
  ],
  [
    "a user with permissions of its own",
    '<acl_user id="u"><deny id="d" xpath="/cib"/></acl_user>',
    '<acl_target id="u"><role id="auto-u"/></acl_target><acl_role id="auto-u"><acl_permission id="d" kind="deny" xpath="/cib"/></acl_role>',
  ],
  [
    "an XPath with an attribute",
    '<acl_role id="r"><write id="w" xpath="//nvpair" attribute="value"/></acl_role>',
    '<acl_role id="r"><acl_permission id="w" kind="write" xpath="//nvpair[@value]"/></acl_role>',
  ],
  [
    "a kind of elements",
    '<acl_role id="r"><read id="w" tag="nvpair" attribute="value"/></acl_role>',
    '<acl_role id="r"><acl_permission id="w" kind="read" object-type="nvpair" attribute="value"/></acl_role>',
  ],
  [
    "an object",
    '<acl_role id="r"><read id="w" ref="a" tag="primitive"/></acl_role>',
    '<acl_role id="r"><acl_permission id="w" kind="read" reference="a"/></acl_role>',
  ],
  [
    "an attribute of an object, open",
    '<acl_role id="r"><write id="w" ref="a" attribute="description"/></acl_role>',
    `<acl_role id="r"><acl_permission id="w" kind="write" xpath="//*[@id='a'][@description]"/></acl_role>`,
  ],
  [
    "an attribute of an object, closed",
    '<acl_role id="r"><deny id="w" ref="a" attribute="description"/></acl_role>',
    '<acl_role id="r"><acl_permission id="w" kind="deny" reference="a"/></acl_role>',
  ],
];

for (const [what, old, today] of rows) {
  test(`${what}, as Pacemaker 1.1 had it`, () => {
    const { cib, notices } = upgradeCib(cibWith(old));
    const acls = child(child(cib, "configuration") as XmlElement, "acls") as XmlElement;
    assert.equal(printXmlCompact(acls), `<acls>${today}</acls>`);
    assert.deepEqual(validateCib(cib), []);
    assert.ok(notices.length > 0);
    assert.equal(upgradeCib(cib).cib, cib);
  });
}

test("who was shut out by an old rule is shut out by what it becomes", () => {
  const old =
    '<acl_user id="u"><read id="e" xpath="/cib"/><deny id="d" tag="resources"/></acl_user>';
  const { cib } = upgradeCib(cibWith(old));
  const seen = readableCib(cib, { name: "u", groups: [] });
  assert.ok(seen);
  assert.doesNotMatch(printXmlCompact(seen), /<primitive/);
});

function cibWith(acls: string): XmlElement {
  const parsed = parseXml(
    `<cib validate-with="pacemaker-1.2" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config><cluster_property_set id="o"><nvpair id="o1" name="enable-acl" value="true"/></cluster_property_set></crm_config><nodes/><resources><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"/></resources><constraints/><acls>${acls}</acls></configuration><status/></cib>`,
  );
  assert.ok(parsed.ok);
  return parsed.value;
}
