import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { formatFinding } from "../schema/finding.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { doubtfulValues } from "./doubtful-values.ts";
import { orderCircles } from "./order-circles.ts";

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const guests = ["a", "b", "c"].map((id) => `<primitive id="${id}" ${dummy}/>`).join("");
const group = `<group id="g"><primitive id="d" ${dummy}/><primitive id="e" ${dummy}/></group>`;

const rows: readonly (readonly [
  what: string,
  parts: { readonly resources?: string; readonly constraints?: string; readonly more?: string },
  doubts: readonly string[],
])[] = [
  [
    "times of operations",
    {
      resources: `<primitive id="x" ${dummy}><operations><op id="m" name="monitor" interval="often" timeout="1 fortnight"/><op id="n" name="start" interval="0" timeout="1min"/></operations></primitive>`,
    },
    [
      'line 1: <op id="m">: interval "often" is no time, such as 30s: the default counts',
      'line 1: <op id="m">: timeout "1 fortnight" is no time, such as 30s: the default counts',
    ],
  ],
  [
    "dates of rules",
    {
      constraints:
        '<rsc_location id="l" rsc="a"><rule id="r" score="5"><date_expression id="p" operation="gt" start="2026-13-41"/><date_expression id="q" operation="lt" end="2026-11-23 08:00:00Z"/><date_expression id="s" operation="in_range" start="yesterday"><duration id="t" hours="two"/></date_expression><date_expression id="u" operation="date_spec"><date_spec id="v" hours="9-" weekdays="mon"/></date_expression></rule></rsc_location>',
    },
    [
      'line 1: <date_expression id="p">: start "2026-13-41" is no date, such as 2026-11-23 08:00:00Z',
      'line 1: <date_expression id="s">: start "yesterday" is no date, such as 2026-11-23 08:00:00Z',
      'line 1: <duration id="t">: hours "two" is not a whole number',
      'line 1: <date_spec id="v">: weekdays "mon" is not a number, or a range such as 9-16',
    ],
  ],
  [
    "meta attributes and amounts",
    {
      resources: `<primitive id="x" ${dummy}><meta_attributes id="xm"><nvpair id="x1" name="priority" value="high"/><nvpair id="x2" name="is-managed" value="perhaps"/><nvpair id="x3" name="failure-timeout" value="10min"/><nvpair id="x4" name="multiple-active" value="boom"/><nvpair id="x5" name="my-own" value="boom"/></meta_attributes><utilization id="xu"><nvpair id="x6" name="memory" value="4G"/></utilization></primitive>`,
    },
    [
      'line 1: <nvpair id="x1">: priority "high" is not a whole number or INFINITY: the default counts',
      'line 1: <nvpair id="x2">: is-managed "perhaps" is not true or false: the default counts',
      'line 1: <nvpair id="x4">: multiple-active "boom" is not one of block, stop_only, stop_start, stop_unexpected: the default counts',
      'line 1: <nvpair id="x6">: memory "4G" is no amount: a whole number',
    ],
  ],
  [
    "access rules that are not understood",
    {
      more: '<acls><acl_role id="r"><acl_permission id="p" kind="deny" xpath="//["/><acl_permission id="q" kind="read" xpath="/cib"/></acl_role></acls>',
    },
    [
      'line 1: <acl_permission id="p">: xpath "//[", column 3: expected a name, found "["; everything is denied',
    ],
  ],
  [
    "rules in a circle",
    {
      constraints:
        '<rsc_location id="l" rsc="a"><rule id="r" score="5"><rule id-ref="s"/></rule></rsc_location><rsc_location id="m" rsc="a"><rule id="s" score="5"><rule id-ref="r"/></rule></rsc_location>',
    },
    ['line 1: <rule id="r">: leads to itself by id-ref: it never holds'],
  ],
  [
    "orders in a circle",
    {
      constraints:
        '<rsc_order id="o1" first="a" then="b"/><rsc_order id="o2" first="b" then="c"/><rsc_order id="o3" first="c" then="a"/>',
    },
    [
      'line 1: <rsc_order id="o1">: a, b, c wait for each other to start (o1, o2, o3): none of them ever does',
    ],
  ],
  [
    "an order against a group's own",
    { constraints: '<rsc_order id="o1" first="e" then="d"/>' },
    ['line 1: <rsc_order id="o1">: d, e wait for each other to start (o1): none of them ever does'],
  ],
  [
    "a member that waits for its group",
    { constraints: '<rsc_order id="o1" first="g" then="e"/>' },
    ['line 1: <rsc_order id="o1">: e, g wait for each other to start (o1): none of them ever does'],
  ],
  [
    "an order against that of a set",
    {
      constraints:
        '<rsc_order id="o1"><resource_set id="s"><resource_ref id="a"/><resource_ref id="b"/></resource_set></rsc_order><rsc_order id="o2" first="b" then="a"/>',
    },
    [
      'line 1: <rsc_order id="o1">: a, b wait for each other to start (o1, o2): none of them ever does',
    ],
  ],
  [
    "circles that hold nobody up",
    {
      constraints:
        '<rsc_order id="o1" first="a" then="b"/><rsc_order id="o2" first="b" then="a" kind="Optional"/><rsc_order id="o3" first="b" first-action="stop" then="a"/><rsc_order id="o4" kind="Serialize" first="c" then="a"/><rsc_order id="o5" kind="Serialize" first="a" then="c"/><rsc_order id="o6"><resource_set id="s" sequential="false"><resource_ref id="b"/><resource_ref id="a"/></resource_set></rsc_order>',
    },
    [],
  ],
];

for (const [what, parts, doubts] of rows) {
  test(`crm_verify's doubts: ${what}`, () => {
    const cib = cibOf(parts);
    assert.deepEqual(validateCib(cib).map(formatFinding), []);
    assert.deepEqual([...doubtfulValues(cib), ...orderCircles(cib)].map(formatFinding), doubts);
  });
}

function cibOf({
  resources = "",
  constraints = "",
  more = "",
}: (typeof rows)[number][1]): XmlElement {
  const parsed = parseXml(
    `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes/><resources>${guests}${group}${resources}</resources><constraints>${constraints}</constraints>${more}</configuration><status/></cib>`,
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}
