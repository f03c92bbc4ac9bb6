/** Access rules: what Debian's cibadmin shows to a user, and which changes it lets the user make. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Prng } from "../../src/base/prng.ts";
import { readableCib } from "../../src/core/cib/acl/readable-cib.ts";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import type { CibChange } from "../../src/core/cib/change.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle() ?? false;
const file = new CibFile();
after(() => file.close());

const access = { name: "tony", groups: [] };
const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const expressions = [
  "/cib",
  "//resources",
  "//primitive",
  "//primitive[@id='a']",
  "//nvpair[@name='target-role']",
  "//nvpair[@name='state']",
  "//meta_attributes",
  "//constraints",
  "/cib/configuration",
  "//group",
  "//nvpair/@value",
  "//crm_config",
];
const others = [
  'object-type="nvpair"',
  'object-type="primitive" attribute="description"',
  'reference="b"',
  'reference="g"',
  'object-type="rsc_location"',
];

test("a user is shown the same part of the CIB, whatever the rules are", { skip }, () => {
  const prng = new Prng(7n);
  let seen = 0;
  for (let i = 0; i < 40; i++) {
    const text = cibWith(rules(prng));
    file.write(text);
    const theirs = file.run("cibadmin", "-Q", "-U", "tony");
    const ours = readableCib(parsed(text), access);
    assert.equal(theirs.exit, ours === undefined ? 4 : 0, text);
    // Debian's printer writes an apostrophe as an entity.
    const shown = theirs.output.replaceAll("&apos;", "'");
    assert.equal(ours === undefined ? "" : printXml(ours), shown, text);
    if (ours !== undefined) seen++;
  }
  assert.ok(seen > 12 && seen < 40, `${seen} of 40 readable: the rules tell nothing`);
});

test("what cibadmin refuses is refused; what is allowed gives what it gives", { skip }, () => {
  const prng = new Prng(8n);
  const counts = { allowed: 0, refused: 0, stricter: 0 };
  for (let i = 0; i < 80; i++) {
    const text = cibWith(rules(prng));
    const { words, change } = randomChange(prng);
    file.write(text);
    const theirs = file.run("cibadmin", ...words, "-U", "tony");
    const ours = applyChange(parsed(text), change, { access });
    const what = `${words.join(" ")}\n${text}\n${JSON.stringify(ours).slice(0, 400)}`;
    if (ours.ok) {
      assert.equal(theirs.exit, 0, what);
      assert.equal(printXml(ours.value.cib), file.read().replaceAll("&apos;", "'"), what);
      counts.allowed++;
    } else if (theirs.exit === 0) {
      assert.equal(ours.error.code, "HF4014", what);
      counts.stricter++;
      // Frames with nothing in them, and a pair made into another one that the rules do not give.
      assert.match(words.join(" "), /^-C -o configuration -X <tags|^-M -X <nvpair id="\w+" name=/);
    } else counts.refused++;
  }
  const { allowed, refused } = counts;
  assert.ok(
    allowed > 15 && refused > 25,
    `${allowed} allowed, ${refused} refused: they tell nothing`,
  );
});

function rules(prng: Prng): string {
  const count = 1 + prng.below(4);
  return Array.from({ length: count }, (_, i) => {
    const kind = prng.pick(["read", "write", "write", "deny"]);
    const what = prng.below(4) > 0 ? `xpath="${prng.pick(expressions)}"` : prng.pick(others);
    return `<acl_permission id="p${i}" kind="${kind}" ${what}/>`;
  }).join("");
}

function randomChange(prng: Prng): {
  readonly words: readonly string[];
  readonly change: CibChange;
} {
  const id = prng.pick(["am1", "ai1", "ai2", "bm1"]);
  const pair = `<nvpair id="${id}" ${prng.pick(['value="new"', 'name="state"', 'name="target-role"'])}/>`;
  const object = prng.pick([
    pair,
    `<primitive id="${prng.pick(["a", "b", "c"])}" description="x"/>`,
    '<rsc_location id="l" score="7"/>',
  ]);
  const gone = prng.pick([
    `<nvpair id="${id}"/>`,
    '<primitive id="c"/>',
    '<rsc_location id="l"/>',
    '<meta_attributes id="am"/>',
  ]);
  const fresh = prng.pick([
    ["resources", `<primitive id="n" ${dummy}/>`],
    ["constraints", '<rsc_location id="m" rsc="a" node="xen1" score="1"/>'],
    ["resources", `<group id="h"><primitive id="n" ${dummy}/></group>`],
    ["configuration", '<tags><tag id="t"><obj_ref id="a"/></tag></tags>'],
    ["configuration", "<tags/>"],
  ] as const);
  switch (prng.pick(["modify", "modify", "delete", "create"])) {
    case "modify":
      return {
        words: ["-M", "-X", object],
        change: { kind: "modify", at: { section: "all" }, xml: parsed(object) },
      };
    case "delete":
      return {
        words: ["-D", "-X", gone],
        change: { kind: "delete", at: { section: "all" }, xml: parsed(gone) },
      };
    default: {
      const [place, xml] = fresh;
      return {
        words: ["-C", "-o", place, "-X", xml],
        change: { kind: "create", at: { section: place }, xml: parsed(xml) },
      };
    }
  }
}

function cibWith(permissions: string): string {
  const cib =
    parsed(`<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="4" num_updates="2" admin_epoch="0"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="enable-acl" value="true"/></cluster_property_set></crm_config>
<nodes/><resources>
<primitive id="a" ${dummy}><instance_attributes id="ai"><nvpair id="ai1" name="state" value="1"/><nvpair id="ai2" name="fake" value="x"/></instance_attributes><meta_attributes id="am"><nvpair id="am1" name="target-role" value="Started"/></meta_attributes></primitive>
<primitive id="b" ${dummy}><meta_attributes id="bm"><nvpair id="bm1" name="priority" value="1"/></meta_attributes></primitive>
<group id="g"><primitive id="c" ${dummy}/><primitive id="d" ${dummy}/></group></resources>
<constraints><rsc_location id="l" rsc="a" node="xen1" score="5"/></constraints>
<acls><acl_role id="r">${permissions}</acl_role><acl_target id="tony"><role id="r"/></acl_target></acls>
</configuration><status/></cib>`);
  return printXml(cib);
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
