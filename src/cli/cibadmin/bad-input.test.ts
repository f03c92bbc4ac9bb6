/** What must not get into the CIB, given to cibadmin as a person would: refused by name and place, and nothing changes. */
import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { servedCluster } from "../../../test/cluster/served-cluster.ts";
import { fileDesk } from "../../daemon/cib-file/file-desk.ts";
import { cibDeskMethods, guardedMethods } from "../../daemon/cluster-methods/desk-methods.ts";
import { cibadmin } from "./cibadmin.ts";

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';

const start = `<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" admin_epoch="0" epoch="5" num_updates="0">
<configuration><crm_config/><nodes><node id="1" uname="xen1"/></nodes>
<resources><primitive id="a" ${dummy}/><primitive id="b" ${dummy}/></resources>
<constraints><rsc_location id="home" rsc="a" node="xen1" score="5"/></constraints></configuration><status/></cib>
`;

type Row = readonly [
  what: string,
  words: readonly string[],
  given: string | Buffer,
  exit: number,
  message: RegExp,
];

const create = (scope: string): readonly string[] => ["--create", "--scope", scope];
const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><primitive id="&b;"/>`;
const deep = `${"<group id='g'>".repeat(300)}${"</group>".repeat(300)}`;

const rows: readonly Row[] = [
  ["entities", create("resources"), bomb, 65, /given\.xml, line 1, .*document type declaration/],
  ["deep nesting", create("resources"), deep, 65, /nested more than 200 deep/],
  [
    "a NUL",
    create("resources"),
    "<primitive\n id='n\u0000'/>",
    65,
    /line 2, .*disallowed character/,
  ],
  [
    "bytes of another encoding",
    create("resources"),
    Buffer.from('<primitive\n id="M\u00fcnchen"/>', "latin1"),
    65,
    /given\.xml, line 2: .*no characters of utf-8/,
  ],
  ["what does not end", create("resources"), "<primitive", 65, /line 1/],
  ["no XML at all", create("resources"), "resources:\n  - a\n", 65, /text data outside of root/],
  [
    "an id that is taken, by another kind of element",
    create("resources"),
    `<primitive id="c" ${dummy}>\n<meta_attributes id="home"/></primitive>`,
    78,
    /home/,
  ],
  [
    "an object that is there",
    create("resources"),
    `<primitive id="a" ${dummy}/>`,
    108,
    /<primitive id="a">/,
  ],
  [
    "a constraint on a resource that is not there",
    create("constraints"),
    '<rsc_order id="o" first="a"\n then="nobody"/>',
    78,
    /<rsc_order id="o">: then "nobody" is not the id of anything/,
  ],
  [
    "a score that is none",
    create("constraints"),
    '<rsc_location id="l" rsc="a" node="xen1" score="lots"/>',
    78,
    /given\.xml, line 1: <rsc_location id="l">: score "lots" must be a score/,
  ],
  [
    "a rule without an id",
    create("constraints"),
    '<rsc_location id="l" rsc="a">\n<rule score="5"><date_expression id="d" operation="gt" start="2026-01-01"/></rule></rsc_location>',
    78,
    /given\.xml, line 2: <rule>: needs the attribute id/,
  ],
  [
    "a date expression of an unknown kind",
    create("constraints"),
    '<rsc_location id="l" rsc="a"><rule id="r" score="5">\n<date_expression id="d" operation="around" start="2026-01-01"/></rule></rsc_location>',
    78,
    /line 2: <date_expression id="d">: operation "around"/,
  ],
  [
    "an unknown element",
    create("resources"),
    '<guest id="g"/>',
    78,
    /<guest id="g">: is not expected in <resources>/,
  ],
  [
    "a resource that a constraint names goes",
    ["--delete", "--scope", "resources"],
    '<primitive id="a"/>',
    78,
    /<rsc_location id="home">: rsc "a" is not the id/,
  ],
  [
    "a whole CIB that is older",
    ["--replace"],
    start.replace('epoch="5"', 'epoch="4"'),
    103,
    /0\.4\.0, older than the running 0\.5\.0/,
  ],
  [
    "a CIB of a newer feature set",
    ["--replace"],
    start.replace("3.16.2", "9.0.0").replace('epoch="5"', 'epoch="6"'),
    76,
    /9\.0\.0/,
  ],
  ["something else than a CIB", ["--replace"], "<html/>", 105, /<html>/],
  [
    "a value of twenty megabytes",
    create("resources"),
    `<primitive id="${"x".repeat(20_000_000)}"/>`,
    65,
    /takes at most 16 MiB/,
  ],
];

for (const [what, words, given, exit, message] of rows) {
  test(`${what} is refused, and the CIB stays as it was`, async (t) => {
    const { directory, run } = await servedCluster(t, serve);
    const file = path.join(directory, "given.xml");
    writeFileSync(file, given);
    const ran = await run(cibadmin, ...words, "--xml-file", file);
    assert.match(ran.err, message);
    assert.equal(ran.exit, exit, ran.err);
    assert.ok(ran.err.length < 2000, "a message can be read");
    assert.equal(readFileSync(path.join(directory, "cib.xml"), "utf8"), start);
    // The daemon goes on.
    assert.equal((await run(cibadmin, "--query", "--no-children")).exit, 0);
  });
}

test("a file of a terabyte is refused without being read", async (t) => {
  const { directory, run, asked } = await servedCluster(t, serve);
  const file = path.join(directory, "given.xml");
  writeFileSync(file, "<cib/>");
  truncateSync(file, 1024 ** 4);
  const ran = await run(cibadmin, "--replace", "--xml-file", file);
  assert.equal(ran.exit, 65);
  assert.match(ran.err, /more than 64 MiB: that is no CIB/);
  assert.deepEqual(asked, []);
});

function serve(directory: string) {
  const file = path.join(directory, "cib.xml");
  writeFileSync(file, start);
  return guardedMethods(fileDesk(file), cibDeskMethods);
}
