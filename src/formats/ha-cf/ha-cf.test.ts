import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Diagnostic } from "../config-text/diagnostic.ts";
import { directiveTable } from "./directive-table.ts";
import type { HaCf } from "./ha-cf.ts";
import { parseHaCf } from "./parse-ha-cf.ts";

const seed = path.join(import.meta.dirname, "../../../../shared/seed/ha.cf");

test("every directive that is used gives its typed value and its place", () => {
  const { value, notices } = good(`
udpport 1694
keepalive 500ms
deadtime 2   # comment
warntime 1s
initdead 0.5h
crm respawn
bcast eth0 eth1
ucast eth2 10.0.0.2
mcast eth3 239.0.0.1 694 1 0
node xen1 xen2
node xen3, xen4
`);
  assert.deepEqual(notices, []);
  assert.deepEqual(value.udpport, { value: 1694, place: at(2, 9) });
  assert.deepEqual(value.keepaliveMs, { value: 500, place: at(3, 11) });
  assert.equal(value.deadtimeMs?.value, 2000);
  assert.equal(value.warntimeMs?.value, 1000);
  assert.equal(value.initdeadMs?.value, 1_800_000);
  assert.equal(value.crm?.value, "respawn");
  assert.deepEqual(value.links, [
    { kind: "bcast", interface: "eth0", place: at(8, 7) },
    { kind: "bcast", interface: "eth1", place: at(8, 12) },
    { kind: "ucast", interface: "eth2", address: "10.0.0.2", place: at(9, 1) },
    {
      kind: "mcast",
      interface: "eth3",
      group: "239.0.0.1",
      port: 694,
      ttl: 1,
      loop: false,
      place: at(10, 1),
    },
  ]);
  assert.deepEqual(
    value.nodes.map((node) => node.value),
    ["xen1", "xen2", "xen3", "xen4"],
  );
  assert.deepEqual(value.nodes[3], { value: "xen4", place: at(12, 12) });
});

test("what the file does not say is absent: defaults are filled in elsewhere", () => {
  const { value } = good("bcast eth0\n");
  for (const key of ["udpport", "keepaliveMs", "deadtimeMs", "warntimeMs", "initdeadMs", "crm"]) {
    assert.equal(Object.hasOwn(value, key), false, key);
  }
  assert.deepEqual(value.nodes, []);
});

test("a misspelt directive is named, kept with its arguments, and not acted on", () => {
  const { value, notices } = good("crm on\nbcast eth0\nnodes xen-1 xen-2\n");
  assert.deepEqual(value.nodes, []);
  assert.equal(value.unknown.length, 1);
  assert.equal(value.unknown[0]?.resembles, "node");
  assert.deepEqual(
    value.unknown[0]?.directive.args.map((arg) => arg.value),
    ["xen-1", "xen-2"],
  );
  assert.deepEqual(codes(notices), ["HF1011"]);
  assert.deepEqual(notices[0]?.place, at(3, 1));
  assert.match(notices[0]?.message ?? "", /the directive is `node`/);
  assert.match(notices[0]?.remedy ?? "", /write: node xen-1 xen-2$/);
});

test("a directive that resembles nothing is said to have no effect", () => {
  const { value, notices } = good("bcast eth0\nfrobnicate 1\n");
  assert.deepEqual(codes(notices), ["HF1010"]);
  assert.equal(value.unknown[0]?.resembles, undefined);
});

test("every directive of the table that is only accepted says so, and none of them is an error", () => {
  for (const [name, row] of directiveTable) {
    if (row.use === "used") continue;
    const args = Array.from({ length: row.args[0] }, () => "on");
    const { notices } = good(`bcast eth0\n${name} ${args.join(" ")}\n`);
    assert.deepEqual(codes(notices), ["HF1012"], name);
    assert.notEqual(notices[0]?.remedy, "", name);
  }
});

test("autojoin none asks for nothing else than what is done", () => {
  assert.deepEqual(good("bcast eth0\nautojoin none\n").notices, []);
});

test("the old name udp is taken as bcast, with a word", () => {
  const { value, notices } = good("udp eth0\n");
  assert.deepEqual(codes(notices), ["HF1012"]);
  assert.equal(value.links[0]?.kind, "bcast");
});

test("bad values are refused with line, column, what was expected and what to do", () => {
  const rows: readonly (readonly [line: string, code: string, column: number, expected: RegExp])[] =
    [
      ["keepalive", "HF1013", 1, /expected 1$/],
      ["keepalive 1 2", "HF1013", 1, /has 2 arguments/],
      ["ucast eth0", "HF1013", 1, /expected 2/],
      ["node", "HF1013", 1, /1 or more/],
      ["mcast eth0", "HF1013", 1, /2 to 5/],
      ["keepalive soon", "HF1014", 11, /a time/],
      ["deadtime 0", "HF1014", 10, /above zero/],
      ["deadtime 10 # ok\nwarntime 5days", "HF1014", 10, /a time/],
      ["keepalive 100us", "HF1014", 11, /above zero/],
      ["udpport 0", "HF1015", 9, /1 to 65535/],
      ["udpport 70000", "HF1015", 9, /1 to 65535/],
      ["udpport ha-cluster", "HF1015", 9, /1 to 65535/],
      ["crm maybe", "HF1015", 5, /on, off, respawn, manual/],
      ["auto_failback sometimes", "HF1015", 15, /legacy/],
      ["mcast eth0 10.0.0.1 694 1 0", "HF1015", 12, /224/],
      ["mcast eth0 225.0.0.256", "HF1015", 12, /224/],
      ["mcast eth0 225.0.0.1 x", "HF1015", 22, /port/],
      ["mcast eth0 225.0.0.1 694 256", "HF1015", 26, /time to live/],
      ["mcast eth0 225.0.0.1 694 1 2", "HF1015", 28, /0 or 1/],
      ["bcast eth/0", "HF1015", 7, /network interface/],
      ["bcast anamethatistoolong", "HF1015", 7, /network interface/],
      ["ucast eth0 -x", "HF1015", 12, /address/],
    ];
  for (const [line, code, column, expected] of rows) {
    const result = parseHaCf(`bcast eth9\n${line}\n`, "ha.cf");
    assert.ok(!result.ok, line);
    const error = result.error.find((each) => each.severity === "error");
    assert.equal(error?.code, code, line);
    assert.equal(error?.place.column, column, line);
    assert.match(error?.message ?? "", expected, line);
    assert.ok((error?.remedy ?? "").length > 5, line);
  }
});

test("a file without a link is refused", () => {
  const result = parseHaCf("node xen1\nserial /dev/ttyS0\n", "ha.cf");
  assert.ok(!result.ok);
  assert.deepEqual(codes(result.error), ["HF1012", "HF1018"]);
});

test("what is there twice is told, and the last one counts", () => {
  const { value, notices } = good(
    "bcast eth0\nkeepalive 1\nkeepalive 2\nnode a\nnode A b\nbcast eth0\n",
  );
  assert.equal(value.keepaliveMs?.value, 2000);
  assert.deepEqual(
    value.nodes.map((node) => node.value),
    ["a", "b"],
  );
  assert.equal(value.links.length, 1);
  assert.deepEqual(codes(notices), ["HF1016", "HF1016", "HF1016"]);
});

test("crm off and auto_failback are told to have no effect", () => {
  const { value, notices } = good("bcast eth0\ncrm no\nauto_failback on\n");
  assert.equal(value.crm?.value, "off");
  assert.equal(value.autoFailback?.value, "on");
  assert.deepEqual(
    notices.map((each) => [each.code, each.severity]),
    [
      ["HF1012", "warning"],
      ["HF1012", "notice"],
    ],
  );
});

test("any text gives a value or errors, never a throw", () => {
  const word = fc.oneof(fc.constantFrom(...directiveTable.keys(), "#", ","), fc.string());
  const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(
      fc.array(line).map((lines) => lines.join("\n")),
      (text) => {
        const result = parseHaCf(text, "ha.cf");
        if (!result.ok) assert.ok(result.error.some((each) => each.severity === "error"));
        else assert.ok(result.value.notices.every((each) => each.severity !== "error"));
      },
    ),
  );
});

test("the how-to's own ha.cf is read, and its slip is named", (t) => {
  if (!existsSync(seed)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  const { value, notices } = good(readFileSync(seed, "utf8"));
  assert.equal(value.crm?.value, "on");
  assert.deepEqual(
    value.links.map((link) => [link.kind, link.interface]),
    [["bcast", "eth0"]],
  );
  assert.deepEqual(value.nodes, []);
  assert.deepEqual(codes(notices), ["HF1011"]);
  assert.equal(notices[0]?.place.line, 6);
});

function good(text: string): { readonly value: HaCf; readonly notices: readonly Diagnostic[] } {
  const result = parseHaCf(text, "ha.cf");
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function at(line: number, column: number): Diagnostic["place"] {
  return { file: "ha.cf", line, column };
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((each) => each.code);
}
