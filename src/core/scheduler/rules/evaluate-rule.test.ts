import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, nowS, primitive } from "../../../../test/scheduler/small-cluster.ts";

/** The clock of the small clusters: Tuesday, 2023-11-14 22:13:20 UTC. */
const dates: readonly (readonly [sentence: string, rule: string, holds: boolean])[] = [
  ["after a date", '<date_expression id="d" operation="gt" start="2023-11-14 22:13:19Z"/>', true],
  [
    "not after that very second",
    '<date_expression id="d" operation="gt" start="2023-11-14 22:13:20Z"/>',
    false,
  ],
  ["before a date", '<date_expression id="d" operation="lt" end="2024-01-01"/>', true],
  [
    "in a range",
    '<date_expression id="d" operation="in_range" start="2023-11-01" end="2023-12-01"/>',
    true,
  ],
  [
    "in a range that ended",
    '<date_expression id="d" operation="in_range" start="2023-10-01" end="2023-11-01"/>',
    false,
  ],
  [
    "in a range of a length",
    '<date_expression id="d" operation="in_range" start="2023-11-14"><duration id="u" days="1"/></date_expression>',
    true,
  ],
  [
    "in a range of years that ends on the same day of the year (319), not of the month",
    '<date_expression id="d" operation="in_range" start="2020-11-14"><duration id="u" years="3"/></date_expression>',
    true,
  ],
  [
    "in a range of a length that is none",
    '<date_expression id="d" operation="in_range" start="2023-11-14"><duration id="u" days="1" hours="x"/></date_expression>',
    false,
  ],
  ["after a time of today", '<date_expression id="d" operation="gt" start="22:00:00"/>', true],
  [
    "at given hours",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" hours="21-23"/></date_expression>',
    true,
  ],
  [
    "at other hours",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" hours="9-17"/></date_expression>',
    false,
  ],
  [
    "on a weekday",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" weekdays="2"/></date_expression>',
    true,
  ],
  [
    "at the weekend",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" weekdays="6-7"/></date_expression>',
    false,
  ],
  [
    "in November",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" months="11"/></date_expression>',
    true,
  ],
  [
    "in a week of the year",
    '<date_expression id="d" operation="date_spec"><date_spec id="s" weeks="46"/></date_expression>',
    true,
  ],
];

for (const [sentence, expression, holds] of dates) {
  test(`a location that holds ${sentence}: ${holds ? "yes" : "no"}`, () => {
    const { changes } = decide({
      resources: primitive("vm"),
      constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score="INFINITY" boolean-op="and"><expression id="e" attribute="#uname" operation="eq" value="n2"/>${expression}</rule></rsc_location>`,
    });
    assert.deepEqual(changes, [`Start vm ( ${holds ? "n2" : "n1"} )`]);
  });
}

const versions: readonly (readonly [operation: string, value: string, holds: boolean])[] = [
  ["eq", " 1.10", true],
  ["gt", "1.9-rc2", true],
  ["lt", "1.10.1", true],
];

for (const [operation, value, holds] of versions) {
  test(`version 1.10 is ${operation} "${value}": ${holds ? "yes" : "no"}`, () => {
    const { changes } = decide({
      resources: primitive("vm"),
      permanent: { n2: { kernel: "1.10" } },
      constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score="INFINITY"><expression id="e" attribute="kernel" operation="${operation}" type="version" value="${value}"/></rule></rsc_location>`,
    });
    assert.deepEqual(changes, [`Start vm ( ${holds ? "n2" : "n1"} )`]);
  });
}

test("when a date will change the answer, the cluster looks again", () => {
  const { transition } = decide({
    resources: primitive("vm"),
    constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score="INFINITY"><date_expression id="d" operation="lt" end="2023-11-15"/></rule></rsc_location>`,
  });
  assert.ok((transition.graph.recheckBy ?? 0) > nowS);
});

const joined: readonly (readonly [
  op: string,
  values: readonly [string, string],
  holds: boolean,
])[] = [
  ["and", ["n2", "n2"], true],
  ["and", ["n2", "n3"], false],
  ["or", ["n2", "n3"], true],
  ["or", ["n3", "n4"], false],
];

for (const [op, [a, b], holds] of joined) {
  test(`conditions joined by ${op}: ${a}, ${b}`, () => {
    const { changes } = decide({
      resources: primitive("vm"),
      constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score="INFINITY" boolean-op="${op}">
        <expression id="a" attribute="#uname" operation="eq" value="${a}"/>
        <rule id="inner" boolean-op="and"><expression id="b" attribute="#uname" operation="eq" value="${b}"/></rule></rule></rsc_location>`,
    });
    assert.deepEqual(changes, [`Start vm ( ${holds ? "n2" : "n1"} )`]);
  });
}

test("rules that refer to each other in a circle do not hold, and end", () => {
  const { changes } = decide({
    resources: primitive("vm"),
    constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score="INFINITY"><expression id="e" attribute="#uname" operation="eq" value="n2"/><rule id-ref="s"/></rule></rsc_location>
      <rsc_location id="m" rsc="vm"><rule id="s" score="0"><rule id-ref="r"/></rule></rsc_location>`,
  });
  assert.deepEqual(changes, ["Start vm ( n1 )"]);
});

test("a rule that stands for a million conditions by references is looked at once", () => {
  const levels = Array.from(
    { length: 40 },
    (_, i) =>
      `<rsc_location id="l${i}" rsc="vm"><rule id="r${i}" score="0"><rule id-ref="r${i + 1}"/><rule id-ref="r${i + 1}"/></rule></rsc_location>`,
  );
  const { changes } = decide({
    resources: primitive("vm"),
    constraints: `${levels.join("")}<rsc_location id="last" rsc="vm"><rule id="r40" score="INFINITY"><expression id="e" attribute="#uname" operation="eq" value="n2"/></rule></rsc_location>`,
  });
  assert.deepEqual(changes, ["Start vm ( n2 )"]);
});

test("a block of meta-attributes counts only while its rule holds", () => {
  const during = (end: string): string =>
    `<meta_attributes id="night" score="10"><rule id="r"><date_expression id="d" operation="lt" end="${end}"/></rule><nvpair id="night-s" name="target-role" value="Stopped"/></meta_attributes>`;
  assert.deepEqual(decide({ resources: primitive("vm", {}, during("2024-01-01")) }).changes, []);
  assert.deepEqual(decide({ resources: primitive("vm", {}, during("2023-01-01")) }).changes, [
    "Start vm ( n1 )",
  ]);
});
