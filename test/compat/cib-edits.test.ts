/** The edits that commands make: the same constraints, sets and exit codes as Debian's crm_resource, crm_attribute, crm_standby. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Result } from "../../src/base/result.ts";
import { wallTime } from "../../src/base/time.ts";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import type { AttributeScope } from "../../src/core/cib/edit/attribute-place.ts";
import {
  deleteAttribute,
  deleteStandby,
  setAttribute,
  setStandby,
} from "../../src/core/cib/edit/cluster-attribute.ts";
import {
  banResource,
  clearMoves,
  type MoveRequest,
  moveResource,
} from "../../src/core/cib/edit/move-resource.ts";
import type { PlannedEdit } from "../../src/core/cib/edit/planned-edit.ts";
import {
  deleteParameter,
  getParameter,
  type ParameterSet,
  setParameter,
} from "../../src/core/cib/edit/resource-parameter.ts";
import { noRuleHolds, readContext } from "../../src/core/cib/read/name-values.ts";
import type { CibRefusal } from "../../src/core/cib/refusal.ts";
import { sectionOf } from "../../src/core/cib/sections.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle("crm_resource") ?? false;
const file = new CibFile();
after(() => file.close());

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const started = (id: string, call: number): string =>
  `<lrm_resource id="${id}" ${dummy}><lrm_rsc_op id="${id}_last_0" operation_key="${id}_start_0" operation="start" crm_feature_set="3.16.1" transition-key="1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5" transition-magic="0:0;1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5" call-id="${call}" rc-code="0" op-status="0" interval="0" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource>`;
const start = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="4" num_updates="2" admin_epoch="0"><configuration>
<crm_config/><nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes>
<resources><primitive id="R" ${dummy}><instance_attributes id="Ri"><nvpair id="Ri1" name="state" value="a"/></instance_attributes></primitive>
<group id="g"><primitive id="p1" ${dummy}><meta_attributes id="p1m"><nvpair id="p1m1" name="priority" value="3"/></meta_attributes></primitive><primitive id="p2" ${dummy}/></group>
<clone id="c"><primitive id="cp" ${dummy}/></clone></resources><constraints/><rsc_defaults/><op_defaults/></configuration>
<status><node_state id="1" uname="xen1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>${started("R", 3)}</lrm_resources></lrm></node_state><node_state id="2" uname="xen2" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>`;

type Step = readonly [args: string, ours: (cib: XmlElement) => Result<PlannedEdit, CibRefusal>];

const facts = { activeOn: ["xen1"], now: wallTime(0) };
const move = (request: Partial<MoveRequest>) => (cib: XmlElement) =>
  moveResource(cib, { resource: "R", ...request }, facts);
const ban = (request: Partial<MoveRequest>) => (cib: XmlElement) =>
  banResource(cib, { resource: "R", ...request }, facts);
const clear = (node?: string) => (cib: XmlElement) =>
  clearMoves(cib, { resource: "R", node }, wallTime(0));
const parameter = (resource: string, name: string, set: ParameterSet = "instance_attributes") => ({
  resource,
  name,
  set,
});
const set =
  (resource: string, name: string, value: string, kind?: ParameterSet) => (cib: XmlElement) =>
    setParameter(cib, parameter(resource, name, kind), value);
const unset = (resource: string, name: string, kind?: ParameterSet) => (cib: XmlElement) =>
  deleteParameter(cib, parameter(resource, name, kind));
const attribute = (scope: AttributeScope, name: string, value: string) => (cib: XmlElement) =>
  setAttribute(cib, { scope, name }, value);
const meta = "meta_attributes";

const runs: Readonly<Record<string, readonly Step[]>> = {
  "a move, again, and its clearing": [
    ["crm_resource -M -r R -N xen2", move({ node: "xen2" })],
    ["crm_resource -M -r R -N xen2", move({ node: "xen2" })],
    ["crm_resource -U -r R", clear()],
  ],
  "a forced move bans the node it leaves": [
    ["crm_resource -M -r R -N xen2 -f", move({ node: "xen2", force: true })],
    ["crm_resource -U -r R -N xen1", clear("xen1")],
    ["crm_resource -M -r R -N XEN2", move({ node: "XEN2" })],
  ],
  "a move with a lifetime": [
    ["crm_resource -M -r R -N xen2 -u PT1H30M", move({ node: "xen2", lifetime: "PT1H30M" })],
    ["crm_resource -U -r R -N xen2", clear("xen2")],
  ],
  "a move to where it is": [
    ["crm_resource -M -r R -N xen1", move({ node: "xen1" })],
    ["crm_resource -M -r R -N xen1 -f", move({ node: "xen1", force: true })],
  ],
  "a move without a node is a ban": [
    ["crm_resource -M -r R", move({})],
    ["crm_resource -M -r R -N xen1 -f", move({ node: "xen1", force: true })],
  ],
  "bans of one node, another, for a time": [
    ["crm_resource -B -r R", ban({})],
    ["crm_resource -B -r R -N xen2", ban({ node: "xen2" })],
    ["crm_resource -U -r R", clear()],
    ["crm_resource -B -r R -N xen2 -u P1M", ban({ node: "xen2", lifetime: "P1M" })],
  ],
  "moves that make no sense": [
    [
      "crm_resource -M -r nosuch -N xen1",
      (cib) => moveResource(cib, { resource: "nosuch", node: "xen1" }, facts),
    ],
    ["crm_resource -M -r R -N nosuch", move({ node: "nosuch" })],
    ["crm_resource -M -r R -N xen2 -u blah", move({ node: "xen2", lifetime: "blah" })],
    ["crm_resource -U -r R", clear()],
  ],
  "parameters of a resource": [
    ["crm_resource -r R -p fake -v 1", set("R", "fake", "1")],
    ["crm_resource -r R -p state -v 2", set("R", "state", "2")],
    ["crm_resource -r R -p fake -v 3", set("R", "fake", "3")],
    ["crm_resource -r R -d fake", unset("R", "fake")],
    ["crm_resource -r R -d nosuch", unset("R", "nosuch")],
    ["crm_resource -r R -m -p target-role -v Stopped", set("R", "target-role", "Stopped", meta)],
    ["crm_resource -r R -p target-role -v Stopped", set("R", "target-role", "Stopped")],
    ["crm_resource -r R -m -d target-role", unset("R", "target-role", meta)],
    ["crm_resource -r R -z -p cpu -v 2", set("R", "cpu", "2", "utilization")],
  ],
  "meta attributes of groups and clones": [
    ["crm_resource -r g -m -p is-managed -v false", set("g", "is-managed", "false", meta)],
    ["crm_resource -r g -m -p priority -v 5", set("g", "priority", "5", meta)],
    ["crm_resource -r p1 -m -p is-managed -v true", set("p1", "is-managed", "true", meta)],
    ["crm_resource -r cp -m -p target-role -v Stopped", set("cp", "target-role", "Stopped", meta)],
    ["crm_resource -r c -m -p target-role -v Started", set("c", "target-role", "Started", meta)],
    ["crm_resource -r nosuch -m -p x -v y", set("nosuch", "x", "y", meta)],
  ],
  "options, defaults and node attributes": [
    [
      "crm_attribute -n no-quorum-policy -v ignore",
      attribute({ section: "crm_config" }, "no-quorum-policy", "ignore"),
    ],
    [
      "crm_attribute -n no-quorum-policy -v freeze",
      attribute({ section: "crm_config" }, "no-quorum-policy", "freeze"),
    ],
    [
      "crm_attribute -n no-quorum-policy -D",
      (cib) => deleteAttribute(cib, { scope: { section: "crm_config" }, name: "no-quorum-policy" }),
    ],
    [
      "crm_attribute -n nosuch -D",
      (cib) => deleteAttribute(cib, { scope: { section: "crm_config" }, name: "nosuch" }),
    ],
    [
      "crm_attribute -N xen1 -n rack#1 -v 5",
      attribute({ section: "nodes", node: "xen1" }, "rack#1", "5"),
    ],
    [
      "crm_attribute -N xen2 -n rack -v 6",
      attribute({ section: "nodes", node: "xen2" }, "rack", "6"),
    ],
    [
      "crm_attribute -N nosuch -n rack -v 5",
      attribute({ section: "nodes", node: "nosuch" }, "rack", "5"),
    ],
  ],
  "standby on, off and forgotten": [
    [
      "crm_standby -N xen1 -v on",
      (cib) => setStandby(cib, { node: "xen1", lifetime: "forever" }, true),
    ],
    [
      "crm_standby -N xen1 -v off",
      (cib) => setStandby(cib, { node: "xen1", lifetime: "forever" }, false),
    ],
    ["crm_standby -N xen1 -D", (cib) => deleteStandby(cib, "xen1")],
  ],
};

for (const [what, steps] of Object.entries(runs)) {
  test(`${what}, as Debian's commands have it`, { skip }, () => {
    let cib = parsed(start);
    file.write(start);
    for (const [line, ours] of steps) {
      const [tool, ...args] = line.split(" ") as [string, ...string[]];
      const answer = file.run(tool, ...args);
      const edit = ours(cib);
      const hint = `${line}: ${answer.output}${answer.errors}${JSON.stringify(edit).slice(0, 500)}`;
      assert.equal(edit.ok ? 0 : edit.error.exit, answer.exit, hint);
      if (edit.ok) {
        const applied = applyChange(cib, edit.value.change);
        assert.ok(applied.ok, `${line}: ${JSON.stringify(applied)}`);
        cib = applied.value.cib;
      }
      assert.equal(comparable(cib), comparable(parsed(file.read())), hint);
    }
  });
}

test("a value is read as crm_resource --get-parameter reads it", { skip }, () => {
  file.write(start);
  const context = readContext(parsed(start), noRuleHolds);
  for (const [resource, name, flags] of [
    ["R", "state", []],
    ["p1", "priority", ["-m"]],
  ] as const) {
    const answer = file.run("crm_resource", "-r", resource, "-g", name, ...flags);
    const ours = getParameter(
      context,
      parameter(resource, name, flags.length > 0 ? meta : undefined),
    );
    assert.ok(ours.ok);
    assert.equal(ours.value, answer.output.trim());
  }
});

test("a ban that takes the place of one with a lifetime stands, where Debian's is refused", {
  skip,
}, () => {
  let cib = parsed(start);
  for (const request of [{ lifetime: "P1M" }, {}]) {
    const edit = ban(request)(cib);
    assert.ok(edit.ok);
    const applied = applyChange(cib, edit.value.change);
    assert.ok(applied.ok, JSON.stringify(applied));
    cib = applied.value.cib;
  }
  assert.match(
    printXml(cib),
    /<rsc_location id="cli-ban-R-on-xen1" rsc="R" role="Started" node="xen1" score="-INFINITY"\/>/,
  );
});

/** The configuration but for the ends of lifetimes, which hang on the time of day. */
function comparable(cib: XmlElement): string {
  const configuration = sectionOf(cib, "configuration");
  assert.ok(configuration);
  return printXml(configuration).replace(
    /end="\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z"/g,
    'end="TIME"',
  );
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
