import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../xml/parse-xml.ts";
import { ruleText } from "./rule-text.ts";

const rows: readonly (readonly [words: string, rule: string])[] = [
  [
    "pingd not_defined or pingd lt 1",
    `boolean-op="or"><expression id="a" attribute="pingd" operation="not_defined"/>
     <expression id="b" attribute="pingd" operation="lt" value="1" type="number"/>`,
  ],
  [
    "#uname eq xen2 and before 2027-01-01",
    `><expression id="a" attribute="#uname" operation="eq" value="xen2"/>
     <date_expression id="b" operation="lt" end="2027-01-01"/>`,
  ],
  [
    "at hours 0-7, weekdays 1-5",
    `><date_expression id="a" operation="date_spec"><date_spec id="s" hours="0-7" weekdays="1-5"/></date_expression>`,
  ],
  [
    "from 2026-01-01 for months 2 or (a eq 1 and b eq 2)",
    `boolean-op="or"><date_expression id="a" operation="in_range" start="2026-01-01"><duration id="d" months="2"/></date_expression>
     <rule id="in"><expression id="x" attribute="a" operation="eq" value="1"/><expression id="y" attribute="b" operation="eq" value="2"/></rule>`,
  ],
  ["after 2026-01-01", `><date_expression id="a" operation="gt" start="2026-01-01"/>`],
  [
    "from 2026-01-01 to 2026-02-01",
    `><date_expression id="a" start="2026-01-01" end="2026-02-01"/>`,
  ],
  [
    "resource ocf:heartbeat:Xen and operation monitor 10s",
    `><rsc_expression id="a" class="ocf" provider="heartbeat" type="Xen"/><op_expression id="b" name="monitor" interval="10s"/>`,
  ],
];

for (const [words, rule] of rows) {
  test(`a rule reads "${words}"`, () => {
    const parsed = parseXml(`<rule id="r" score="0" ${rule}</rule>`);
    assert.ok(parsed.ok);
    assert.equal(ruleText(parsed.value), words);
  });
}
