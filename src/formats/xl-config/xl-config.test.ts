import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXlConfig } from "./parse-xl-config.ts";
import { printXlConfig } from "./print-xl-config.ts";
import type { XlAssignment, XlConfig, XlValue } from "./xl-config.ts";

test("assignments, strings of both quotes, numbers, lists over lines, comments and semicolons", () => {
  const { assignments } = good(`# -*- mode: python; -*-
name = "host1"; memory=1024
  vcpus	=	0x2 # indented, with a comment
octal = 017
extra = 'it\\'s "4"\\n'
disk = [ 'a,xvda,w',   # the first
  "b,xvdb,w",
  [ 1, [ ] ],
]
vif = ['']
empty = []
`);
  assert.deepEqual(
    assignments.map(({ key, value }) => [key, plain(value)]),
    [
      ["name", "host1"],
      ["memory", 1024],
      ["vcpus", 2],
      ["octal", 15],
      ["extra", 'it\'s "4"\n'],
      ["disk", ["a,xvda,w", "b,xvdb,w", [1, []]]],
      ["vif", [""]],
      ["empty", []],
    ],
  );
  assert.deepEqual(assignments[1]?.place, { file: "g.cfg", line: 2, column: 17 });
  assert.deepEqual(assignments[5]?.value.place, { file: "g.cfg", line: 6, column: 8 });
});

test("+= is kept as it is written", () => {
  const { assignments } = good("disk = [ 'a' ]\ndisk += [ 'b' ]\n");
  assert.deepEqual(
    assignments.map((each) => each.operator),
    ["=", "+="],
  );
});

test("Python beyond assignments is refused with its place, what it is and what to do", () => {
  const rows: readonly (readonly [text: string, line: number, column: number, what: RegExp])[] = [
    ["import os", 1, 1, /`import` begins Python/],
    ["a = 1\nfrom x import y", 2, 1, /`from`/],
    ["def f():", 1, 1, /`def`/],
    ["if 1:", 1, 1, /`if`/],
    ["memory = 512 + 512", 1, 14, /followed by a computation/],
    ["memory = 2 * 512", 1, 12, /computation/],
    ["memory = -1", 1, 10, /negative/],
    ["name = 'vm%d' % 3", 1, 15, /formatted/],
    ["name = str(3)", 1, 8, /the name `str`/],
    ["f(3)", 1, 2, /`f` is followed by a parenthesis/],
    ["os.system('x')", 1, 10, /parenthesis/],
    ["localtime = True", 1, 13, /the name `True`/],
    ["name = vmid", 1, 8, /the name `vmid`/],
    ["disk = [ 'a' 'b' ]", 1, 14, /side by side/],
    ["name = 'a' 'b'", 1, 12, /side by side/],
    ["name = r'a'", 1, 8, /prefix r/],
    ['name = """a"""', 1, 8, /three quotes/],
    ["vif = ( 'a', )", 1, 7, /parenthesis/],
    ["x = { 'a': 1 }", 1, 5, /dictionary/],
    ["memory = 1.5", 1, 11, /fraction/],
    ["name = \\\n'a'", 1, 8, /goes on in the next/],
    ["x == 1", 1, 3, /comparison/],
    ["disk = [ x for x in y ]", 1, 10, /the name `x`/],
  ];
  for (const [text, line, column, what] of rows) {
    const error = refused(text);
    assert.equal(error.code, "HF1101", text);
    assert.deepEqual([error.place.line, error.place.column], [line, column], text);
    assert.match(error.message, what, text);
    assert.ok(error.remedy.length > 5, text);
  }
  assert.equal(refused("localtime = True").remedy, "Write: 1");
});

test("what is neither an assignment nor Python is refused with what was expected", () => {
  const rows: readonly (readonly [text: string, line: number, column: number, what: RegExp])[] = [
    ["name", 1, 5, /expected `=` after `name`, but found the end of the file/],
    ["name =\n", 1, 7, /a string, a number or a list, but found the end of the line/],
    ["= 3", 1, 1, /KEY = VALUE/],
    ["'a' = 3", 1, 1, /KEY = VALUE/],
    ["name = 'a\n'", 1, 8, /does not end in its line/],
    ["name = 'a\\q'", 1, 8, /no escape/],
    ["name = '\\x4'", 1, 8, /no escape/],
    ["memory = 12GB", 1, 10, /`12GB` is no number/],
    ["memory = 08", 1, 10, /no number/],
    ["memory = 99999999999999999999", 1, 10, /counted with/],
    ["disk = [ 'a'", 1, 13, /in the list that begins in line 1, but found the end of the file/],
    ["disk = [\n'a'\n= ]", 3, 1, /in the list that begins in line 1/],
    ["disk = [ , ]", 1, 10, /a string, a number or a list/],
    ["a = 1 b = 2", 1, 7, /the end of the line/],
    ["a = $1", 1, 5, /is no part of a value/],
    [`a = ${"[".repeat(40)}${"]".repeat(40)}`, 1, 21, /but found `\[`/],
  ];
  for (const [text, line, column, what] of rows) {
    const error = refused(text);
    assert.equal(error.code, "HF1100", text);
    assert.deepEqual([error.place.line, error.place.column], [line, column], text);
    assert.match(error.message, what, text);
  }
});

test("what is printed is read back the same", () => {
  const value = fc.letrec<{ value: XlValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "binary-ascii" }).map((text) => asString(text)),
      fc.nat().map((number): XlValue => ({ kind: "number", value: number, place: nowhere })),
      fc
        .array(tie("value"), { maxLength: 4 })
        .map((items): XlValue => ({ kind: "list", items, place: nowhere })),
    ),
  })).value;
  const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
  const operator = fc.constantFrom("=" as const, "+=" as const);
  const assignment = fc.record({ key, operator, value, place: fc.constant(nowhere) });
  fc.assert(
    fc.property(fc.array(assignment), (assignments) => {
      const read = good(printXlConfig({ assignments }));
      assert.deepEqual(read.assignments.map(shape), assignments.map(shape));
    }),
  );
});

test("any text gives a value or errors, never a throw", () => {
  const piece = fc.oneof(
    fc.constantFrom("a", " = ", "[", "]", ",", "'x'", '"', "\\", "\n", "+=", "12", "(", "#", ";"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const result = parseXlConfig(pieces.join(""), "g.cfg");
      assert.equal(result.ok, result.ok || result.error.length === 0);
    }),
  );
});

const nowhere = { file: "", line: 1, column: 1 };

function asString(value: string): XlValue {
  return { kind: "string", value, place: nowhere };
}

function shape({ key, operator, value }: XlAssignment): unknown {
  return [key, operator, plain(value)];
}

function plain(value: XlValue): unknown {
  return value.kind === "list" ? value.items.map(plain) : value.value;
}

function good(text: string): XlConfig {
  const result = parseXlConfig(text, "g.cfg");
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.value;
}

function refused(text: string): {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly place: { readonly line: number; readonly column: number };
} {
  const result = parseXlConfig(text, "g.cfg");
  assert.ok(!result.ok, text);
  assert.equal(result.error.length, 1, JSON.stringify(result.error));
  return result.error[0]!;
}
