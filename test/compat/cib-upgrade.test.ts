/** Older CIBs: what Debian's tools make of them, and the how-to's own files step by step. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import { declaredOptions, newClusterCib } from "../../src/core/cib/empty-cib.ts";
import {
  clusterOptionValues,
  noRuleHolds,
  readContext,
} from "../../src/core/cib/read/name-values.ts";
import { operationsOf } from "../../src/core/cib/read/operations.ts";
import { resourcesOf } from "../../src/core/cib/read/resource-lookup.ts";
import { instanceAttributes, metaAttributes } from "../../src/core/cib/read/resource-values.ts";
import { validateCib } from "../../src/core/cib/schema/validate-cib.ts";
import { type CibSection, sectionOf } from "../../src/core/cib/sections.ts";
import { translateChange } from "../../src/core/cib/upgrade/translate-change.ts";
import { upgradeChange } from "../../src/core/cib/upgrade/upgrade-change.ts";
import { upgradeCib } from "../../src/core/cib/upgrade/upgrade-cib.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle() ?? false;
const file = new CibFile();
after(() => file.close());

const seed = path.resolve(import.meta.dirname, "../../../shared/seed");
const noSeed = existsSync(seed) ? false : "the how-to's files are not here";

test("the how-to's files make the CIB that the stock upgrade makes, but for what it loses", {
  skip: noSeed,
}, () => {
  let cib = newClusterCib();
  for (const [section, name] of [
    ["crm_config", "bootstrap.xml"],
    ["resources", "host1.xml"],
  ] as const) {
    cib = created(cib, section, readFileSync(path.join(seed, name), "utf8"));
  }
  const host1 = readFileSync(path.join(seed, "host1.xml"), "utf8");
  cib = created(cib, "resources", host1.replaceAll("host1", "host2"));
  const theirs = parsed(readFileSync(path.join(seed, "upgraded/seed-3.9.xml"), "utf8"));
  assert.deepEqual(meaning(cib), {
    ...meaning(theirs),
    options: sorted({ ...meaning(theirs).options, ...declaredOptions }),
    resources: meaning(theirs).resources.map(({ meta, parameters, ...rest }) => {
      const { target_role: _, ...others } = parameters as Record<string, string>;
      // From the failure stickiness, and Holdfast's declared default.
      const more = { "migration-threshold": "1", "failure-timeout": "10min" };
      return { ...rest, meta: sorted({ ...meta, ...more }), parameters: others };
    }),
  });
});

test("what Holdfast makes of the how-to's files satisfies Debian's crm_verify", {
  skip: skip || noSeed,
}, () => {
  let cib = newClusterCib();
  const read = (name: string): string => readFileSync(path.join(seed, name), "utf8");
  cib = created(cib, "crm_config", read("bootstrap.xml"));
  cib = created(cib, "resources", read("host1.xml"));
  file.write(printXml(cib));
  const answer = file.run("crm_verify", "-x", file.path, "-V");
  assert.equal(answer.exit, 0, answer.errors);
});

const from210 = `<cib validate-with="pacemaker-2.10" crm_feature_set="3.0.14" admin_epoch="0" epoch="7" num_updates="3"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="default-resource-stickiness" value="5"/><nvpair id="o2" name="is-managed-default" value="false"/><nvpair id="o3" name="default-action-timeout" value="33s"/><nvpair id="o4" name="default-resource-failure-stickiness" value="-INFINITY"/><nvpair id="o5" name="dc_deadtime" value="9s"/><nvpair id="o6" name="no_quorum_policy" value="freeze"/><nvpair id="o7" name="startup_fencing" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="xen1" type="normal"/></nodes>
<resources><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="am"><nvpair id="am1" name="resource-failure-stickiness" value="-INFINITY"/></meta_attributes><operations><op id="a1" name="start" interval="0" requires="quorum"/><op id="a2" name="monitor" interval="10s" requires="nothing"/></operations></primitive></resources>
<constraints/></configuration><status/></cib>`;

test("a CIB of schema 2.10 means after the upgrade what cibadmin --upgrade makes of it", {
  skip,
}, () => {
  file.write(from210);
  assert.equal(file.run("cibadmin", "--upgrade", "--force").exit, 0);
  const upgrade = upgradeChange(parsed(from210));
  assert.ok(upgrade);
  const applied = applyChange(parsed(from210), upgrade.change);
  assert.ok(applied.ok, JSON.stringify(applied));
  assert.deepEqual(meaning(applied.value.cib), meaning(parsed(file.read())));
  const { admin_epoch, epoch, num_updates } = parsed(file.read()).attributes;
  assert.deepEqual(
    { admin_epoch, epoch, num_updates },
    { admin_epoch: "1", epoch: applied.value.cib.attributes["epoch"], num_updates: "0" },
  );
});

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const pair = (name: string, value: string): string =>
  `<nvpair id="p-${name}" name="${name}" value="${value}"/>`;

/** What stands in crm_config, nodes, resources, constraints and after them. */
type Sections = Readonly<
  Partial<Record<"options" | "nodes" | "resources" | "constraints" | "more", string>>
>;

const older: readonly (readonly [what: string, schemas: readonly string[], sections: Sections])[] =
  [
    ["an empty CIB", ["1.0", "1.2", "1.3", "2.0", "2.10", "3.0", "3.8"], {}],
    ["nodes called normal", ["1.2", "2.4"], { nodes: '<node id="1" uname="xen1" type="normal"/>' }],
    [
      "options under their old names",
      ["1.2", "2.10"],
      {
        options:
          pair("dc_deadtime", "9s") +
          pair("cluster_recheck_interval", "5min") +
          pair("stonith_enabled", "false"),
      },
    ],
    [
      "defaults among the options",
      ["1.3", "2.10"],
      {
        options:
          pair("default-resource-stickiness", "7") +
          pair("default-action-timeout", "44s") +
          pair("is-managed-default", "false"),
        resources: `<primitive id="a" ${dummy}><operations><op id="a1" name="start" interval="0"/></operations></primitive>`,
      },
    ],
    [
      "what operations require",
      ["2.10"],
      {
        resources: `<primitive id="a" ${dummy}><operations><op id="a1" name="start" interval="0" requires="quorum"/><op id="a2" name="monitor" interval="9s" requires="nothing"/><op id="a3" name="stop" interval="0" requires="fencing"/></operations></primitive>`,
      },
    ],
    [
      "constraints, sets, tickets and lifetimes",
      ["1.2", "2.10", "3.7"],
      {
        resources: `<primitive id="a" ${dummy}/><primitive id="b" ${dummy}/><master id="m"><primitive id="c" ${dummy}/></master>`,
        constraints: `<rsc_location id="l" rsc="a" node="xen1" score="5"/><rsc_colocation id="k" rsc="a" with-rsc="m" with-rsc-role="Master" score="INFINITY"/><rsc_order id="o9" first="m" first-action="promote" then="a"/><rsc_order id="os"><resource_set id="s1"><resource_ref id="a"/><resource_ref id="b"/></resource_set></rsc_order><rsc_ticket id="t" rsc="a" ticket="T" loss-policy="stop"/>`,
      },
    ],
    [
      "access rules of users",
      ["1.2", "1.3"],
      {
        resources: `<primitive id="a" ${dummy}/>`,
        more: `<acls><acl_user id="u"><role_ref id="r"/></acl_user><acl_user id="v"><deny id="v1" xpath="/cib"/><read id="v2" ref="a"/><write id="v3" tag="nvpair" attribute="value"/></acl_user><acl_role id="r"><read id="r1" xpath="/cib"/><write id="r2" xpath="//nvpair[@name='x']" attribute="value"/></acl_role></acls>`,
      },
    ],
  ];

for (const [what, schemas, sections] of older) {
  for (const schema of schemas) {
    test(`${what} of schema ${schema}: upgraded as cibadmin --upgrade does it`, { skip }, () => {
      const text = ofSchema(schema, sections);
      file.write(text);
      const answer = file.run("cibadmin", "--upgrade", "--force");
      assert.equal(answer.exit, 0, answer.errors);
      const theirs = parsed(file.read());
      const ours = upgradeCib(parsed(text)).cib;
      assert.deepEqual(validateCib(ours), []);
      assert.deepEqual(meaning(ours), meaning(theirs));
      for (const section of ["nodes", "constraints", "acls"] as const) {
        assert.deepEqual(printed(ours, section), printed(theirs, section));
      }
    });
  }
}

function ofSchema(schema: string, { options = "", ...sections }: Sections): string {
  const { nodes = "", resources = "", constraints = "", more = "" } = sections;
  const set =
    options === "" ? "" : `<cluster_property_set id="o">${options}</cluster_property_set>`;
  return `<cib validate-with="pacemaker-${schema}" crm_feature_set="3.0.14" admin_epoch="0" epoch="7" num_updates="3"><configuration><crm_config>${set}</crm_config><nodes>${nodes}</nodes><resources>${resources}</resources><constraints>${constraints}</constraints>${more}</configuration><status/></cib>`;
}

function printed(cib: XmlElement, section: CibSection): string {
  const found = sectionOf(cib, section);
  return found === undefined ? "" : printXml(found);
}

/** What a CIB says, whatever its ids and the order of its sets are. */
function meaning(cib: XmlElement) {
  const context = readContext(cib, noRuleHolds);
  return {
    options: sorted(Object.fromEntries(clusterOptionValues(context))),
    resources: resourcesOf(cib).map((resource) => ({
      id: resource.element.attributes["id"],
      class: resource.element.attributes["class"],
      meta: sorted(Object.fromEntries(metaAttributes(context, resource))),
      parameters: sorted(Object.fromEntries(instanceAttributes(context, resource))),
      operations: operationsOf(context, resource).map((op) => {
        const { values, ...rest } = op;
        return { ...rest, timeout: values.get("timeout") };
      }),
    })),
  };
}

function created(cib: XmlElement, section: CibSection, text: string): XmlElement {
  const { change } = translateChange(cib, { kind: "create", at: { section }, xml: parsed(text) });
  const applied = applyChange(cib, change);
  assert.ok(applied.ok, JSON.stringify(applied));
  return applied.value.cib;
}

function sorted(of: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(of).sort());
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
