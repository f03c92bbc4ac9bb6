import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Diagnostic } from "../config-text/diagnostic.ts";
import type { DrbdConf } from "./drbd-conf.ts";
import { drbdKeywords } from "./drbd-keywords.ts";
import { hostsNamedIn } from "./host-sections.ts";
import { type IncludeFiles, parseDrbdConf } from "./parse-drbd-conf.ts";

const hosts = `
  on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.1:7789; }
  on bravo { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.2:7789; }
`;

test("a resource keeps its names, sections and places", () => {
  const { value } = good(`resource "r 0" {\n  net {\n    timeout 50;\n  }${hosts}}`);
  const [resource] = value.resources;
  assert.equal(resource?.name, "r 0");
  assert.deepEqual(resource?.namePlace, at(1, 10));
  assert.deepEqual(resource?.net, [{ name: "timeout", value: "50", place: at(3, 5) }]);
  const [alpha, bravo] = resource?.hosts ?? [];
  assert.deepEqual([alpha?.kind, alpha?.names[0]?.value, alpha?.place], ["on", "alpha", at(5, 3)]);
  assert.deepEqual(bravo?.address, {
    family: "ipv4",
    host: "10.0.0.2",
    port: 7789,
    place: at(6, 74),
  });
  assert.deepEqual(alpha?.volumes, [
    {
      place: at(5, 14),
      number: 0,
      implicit: true,
      device: "/dev/drbd0",
      minor: 0,
      disk: "/dev/a",
      metaDisk: { kind: "internal" },
      options: [],
    },
  ]);
});

test("8.0's syncer and old names become today's options, with a notice", () => {
  const { value, notices } = good(
    `resource r { syncer { rate 10M; after s; verify-alg sha1; cpu-mask 1; use-rle; }
      handlers { outdate-peer "x"; } disk { no-disk-flushes; rate 5M; } net { no-tcp-cork; } ${hosts} }`,
  );
  const [resource] = value.resources;
  assert.deepEqual(pairs(resource?.disk), [
    ["resync-rate", "10M"],
    ["resync-after", "s"],
    ["disk-flushes", "no"],
    ["resync-rate", "5M"],
  ]);
  assert.deepEqual(pairs(resource?.net), [
    ["verify-alg", "sha1"],
    ["use-rle", "yes"],
    ["tcp-cork", "no"],
  ]);
  assert.deepEqual(pairs(resource?.options), [["cpu-mask", "1"]]);
  assert.deepEqual(pairs(resource?.handlers), [["fence-peer", "x"]]);
  assert.deepEqual(codes(notices), ["HF1063", "HF1055"]);
});

test("the first thing that is not grammar is said with its place, what was expected and what to do", () => {
  const rows: readonly (readonly [
    text: string,
    line: number,
    column: number,
    message: RegExp,
    remedy: RegExp,
  ])[] = [
    ["foo;", 1, 1, /expected global, common.* but found `foo`/, /./],
    [
      "resource r0 {\n  protocol C\n  on a { }\n}",
      3,
      3,
      /expected `;`, but found `on`/,
      /semicolon/,
    ],
    ["resource r0 { net { timeot 5; } }", 1, 21, /an option of `net`/, /Was `timeout` meant/],
    ["resource r0 { net { resync-rate 5; } }", 1, 21, /an option of `net`/, /belongs into disk/],
    ["resource r0 { on net { } }", 1, 18, /a host name/, /in quotes: "net"/],
    ["resource 7 { }", 1, 10, /the name of a resource/, /in quotes: "7"/],
    ["resource r0 { net { verify-alg yes; } }", 1, 32, /a value/, /in quotes: "yes"/],
    ["resource r0 {\n\n", 3, 1, /the end of the file/, /begins in line 1 has no `}`/],
    ["skip { { }\n", 2, 1, /the end of the file/, /begins in line 1/],
    ["resource r0 { address 1.2.3.4; }", 1, 15, /one of protocol/, /./],
    ["resource r0 { on a { address host:1; } }", 1, 30, /an address/, /10\.0\.0\.1:7789/],
    ["resource r0 { volume x { } }", 1, 22, /a volume number/, /./],
    ["resource r0 { on a { volume 0 { address 1.2.3.4:5; } } }", 1, 33, /device, disk/, /./],
    ["common { on a { } }", 1, 10, /no host section in `common`/, /into a resource/],
    ['resource "r\n0" { }', 1, 10, /does not end in its line/, /./],
    ["resource r0 { net { shared-secret ä; } }", 1, 35, /"ä" is no part of a word/, /quotes/],
    ["global { minor-count many; }", 1, 22, /`minor-count`, but found `many`/, /./],
    ["global { usage-count often; }", 1, 22, /yes, no or ask/, /./],
    ["include 5;", 1, 9, /a file name/, /./],
  ];
  for (const [text, line, column, message, remedy] of rows) {
    const errors = refused(text).filter((each) => /HF1050|HF1051/.test(each.code));
    assert.equal(errors.length, 1, `${text}: ${JSON.stringify(errors)}`);
    const [error] = errors;
    assert.deepEqual(error?.place, at(line, column), text);
    assert.match(error?.message ?? "", message, text);
    assert.match(error?.remedy ?? "", remedy, text);
  }
});

test("what is wrong but readable is collected, not only the first", () => {
  const errors = refused(`resource r0 {
    net { timeout 0; ping-int 500; }
    on alpha { device /dev/sda; disk /dev/a; meta-disk internal; }
    on bravo { device /dev/drbd0; disk /dev/a; address 10.0.0.2:0; }
  }
  resource r0 { }`);
  assert.deepEqual(
    errors.map((each) => [each.code, each.place.line]),
    [
      ["HF1052", 2],
      ["HF1052", 2],
      ["HF1056", 3],
      ["HF1054", 3],
      ["HF1052", 4],
      ["HF1054", 4],
      ["HF1055", 6],
    ],
  );
});

test("a collision names both places", () => {
  const [error] =
    refused(`resource a { ${hosts} }\nresource b { on alpha { device minor 1; disk /dev/b;
    meta-disk internal; address 10.0.0.1:7789; } }`);
  assert.equal(error?.code, "HF1055");
  assert.equal(error?.place.line, 6);
  assert.match(error?.message ?? "", /`10\.0\.0\.1:7789` is used already, at drbd\.conf:2:/);
});

test("DRBD 9's words are named in warnings, and fencing in net is obeyed", () => {
  const { value, notices } = good(`resource r {
    net { fencing resource-and-stonith; transport tcp; }
    options { quorum majority; }
    connection { host alpha address 10.0.0.1:1; net { protocol A; } }
    ${hosts} }`);
  assert.deepEqual(codes(notices), ["HF1064", "HF1064", "HF1064"]);
  assert.ok(notices.every((each) => each.severity === "warning"));
  assert.deepEqual(pairs(value.resources[0]?.disk), [["fencing", "resource-and-stonith"]]);
  assert.deepEqual(pairs(value.resources[0]?.net), []);
});

test("words of DRBD 9 are no keywords: hosts may have such names", () => {
  const { value } = good(hostsCalled("quorum", "path"));
  assert.deepEqual(
    hostsNamedIn(value).map((host) => host.value),
    ["quorum", "path"],
  );
});

test("every keyword can be a name in quotes", () => {
  for (const keyword of drbdKeywords) good(hostsCalled(`"${keyword}"`, "bravo"));
});

test("included files are read in their place, each once, and errors name them", () => {
  const files: Readonly<Record<string, string>> = {
    "drbd.d/global_common.conf": 'common { protocol A; }\ninclude "drbd.d/*.res";',
    "drbd.d/a.res": `resource a { ${hosts} }`,
    "drbd.d/b.res": "resource b {\n  oops;\n}",
  };
  const asked: [string, string][] = [];
  const include: IncludeFiles = (pattern, from) => {
    asked.push([pattern, from]);
    const names = Object.keys(files).filter((name) =>
      pattern.includes("*") ? name.endsWith(".res") : name === pattern,
    );
    return names.map((file) => ({ file, text: files[file] }));
  };
  const text = 'include "drbd.d/global_common.conf"; include "drbd.d/*.res"; include "none/*";';
  const result = parseDrbdConf(text, { file: "drbd.conf", include });
  assert.ok(!result.ok);
  const [error, ...more] = result.error;
  assert.deepEqual(more, []);
  assert.deepEqual(error?.place, { file: "drbd.d/b.res", line: 2, column: 3 });
  assert.deepEqual(asked, [
    ["drbd.d/global_common.conf", "drbd.conf"],
    ["drbd.d/*.res", "drbd.d/global_common.conf"],
  ]);
});

test("a file that includes itself or is included twice is read once", () => {
  const include: IncludeFiles = (file) => [{ file, text: `include "drbd.conf"; include "x";` }];
  const result = parseDrbdConf('include "x"; include "x";', { file: "drbd.conf", include });
  assert.ok(result.ok, JSON.stringify(result));
});

test("a missing file is an error, a pattern without a match is none", () => {
  const none: IncludeFiles = () => [];
  assert.ok(parseDrbdConf('include "drbd.d/*.res";', { file: "f", include: none }).ok);
  const missing = parseDrbdConf('include "drbd.d/a.res";', { file: "f", include: none });
  assert.ok(!missing.ok);
  assert.deepEqual(codes(missing.error), ["HF1059"]);
  const unreadable: IncludeFiles = () => [{ file: "a.res", text: undefined }];
  const result = parseDrbdConf('include "*.res";', { file: "f", include: unreadable });
  assert.ok(!result.ok);
  assert.match(result.error[0]?.message ?? "", /`a\.res` is not there or cannot be read/);
});

test("any text gives a value or errors, never a throw", () => {
  const words = [...drbdKeywords, "{", "}", ";", "[", "]", ":", "r0", "alpha", "10.0.0.1", "7789"];
  const piece = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.string() },
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const include: IncludeFiles = (file) => [{ file, text: pieces.join("\n") }];
      const result = parseDrbdConf(pieces.join(" "), { file: "f", include });
      if (!result.ok) assert.ok(result.error.some((each) => each.severity === "error"));
    }),
    { numRuns: 1000 },
  );
});

function hostsCalled(a: string, b: string): string {
  return `resource r { device minor 1; disk /dev/a; meta-disk internal;
    on ${a} { address 10.0.0.1:1; } on ${b} { address 10.0.0.2:1; } }`;
}

function good(text: string): { readonly value: DrbdConf; readonly notices: readonly Diagnostic[] } {
  const result = parseDrbdConf(text, { file: "drbd.conf", include: () => [] });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function refused(text: string): readonly Diagnostic[] {
  const result = parseDrbdConf(text, { file: "drbd.conf", include: () => [] });
  assert.ok(!result.ok, text);
  return result.error.filter((each) => each.severity === "error");
}

function at(line: number, column: number): Diagnostic["place"] {
  return { file: "drbd.conf", line, column };
}

function pairs(
  options: readonly { readonly name: string; readonly value: string }[] | undefined,
): readonly (readonly [string, string])[] {
  return (options ?? []).map(({ name, value }) => [name, value]);
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((each) => each.code);
}
