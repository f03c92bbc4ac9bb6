import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { getopt, hasOption, type OptionRow, optionValue } from "./getopt.ts";
import { optionHelp } from "./option-help.ts";

const rows: readonly OptionRow[] = [
  { long: "dry-run", short: "d", help: "print only" },
  { long: "verbose", short: "v", help: "say more" },
  { long: "version", short: "V", help: "say which" },
  { long: "config-file", short: "c", argument: "FILE", help: "read FILE" },
  { long: "as-xml", argument: "KIND", optional: true, help: "as XML" },
];

test("short options join, and carry an argument at once or as the next word", () => {
  for (const words of [["-dvc", "f"], ["-d", "-v", "-cf"], ["-dvcf"]]) {
    assert.deepEqual(given(words), [
      ["dry-run", undefined],
      ["verbose", undefined],
      ["config-file", "f"],
    ]);
  }
});

test("long options take = or the next word, and may be abbreviated", () => {
  for (const words of [["--config-file=f"], ["--config-file", "f"], ["--conf", "f"], ["--c=f"]]) {
    assert.deepEqual(given(words), [["config-file", "f"]]);
  }
  assert.deepEqual(given(["--as-xml", "--as-xml=short"]), [
    ["as-xml", undefined],
    ["as-xml", "short"],
  ]);
});

test("GLib's tools take the next word, too, for an argument that may be left out", () => {
  const row: OptionRow = {
    ...{ long: "nodes", short: "N", argument: "KIND" },
    optional: "next",
    help: "",
  };
  for (const [words, value, operands] of [
    [["-N", "remote"], "remote", []],
    [["--nodes", "remote"], "remote", []],
    [["--nodes=remote", "more"], "remote", ["more"]],
    [["-Nremote", "more"], "remote", ["more"]],
    [["-N"], undefined, []],
    [["-N", "--"], undefined, []],
  ] as const) {
    assert.deepEqual(getopt([row], words), {
      ok: true,
      value: { options: [{ long: "nodes", value }], operands },
    });
  }
});

test("operands stand anywhere, and -- ends the options", () => {
  const line = read(["up", "-d", "r0", "--", "-v", "--", "-"]);
  assert.deepEqual(line.operands, ["up", "r0", "-v", "--", "-"]);
  const stopped = getopt(rows, ["-d", "up", "-x", "r0"], "stop");
  assert.ok(stopped.ok);
  assert.deepEqual(stopped.value.operands, ["up", "-x", "r0"]);
});

test("what is wrong is said as getopt says it", () => {
  const cases = [
    [["--frce"], "unrecognized option '--frce'"],
    [["--ver"], "option '--ver' is ambiguous: '--verbose', '--version'"],
    [["--dry-run=x"], "option '--dry-run' doesn't allow an argument"],
    [["--config-file"], "option '--config-file' requires an argument"],
    [["-dx"], "invalid option -- 'x'"],
    [["-c"], "option requires an argument -- 'c'"],
  ] as const;
  for (const [words, error] of cases) assert.deepEqual(getopt(rows, words), { ok: false, error });
});

test("the last mention counts", () => {
  const line = read(["-c", "a", "-c", "b"]);
  assert.equal(optionValue(line, "config-file"), "b");
  assert.equal(hasOption(line, "dry-run"), false);
});

test("any words give a line or an error, and no word is lost without an option that took it", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 }), { maxLength: 8 }), (words) => {
      const line = getopt(rows, words);
      if (!line.ok) return;
      const plain = words.filter((word) => !word.startsWith("-"));
      const taken = [...line.value.operands, ...line.value.options.map((option) => option.value)];
      for (const word of plain) assert.ok(taken.includes(word), word);
    }),
  );
});

test("the help names every option that is not hidden", () => {
  assert.equal(
    optionHelp([...rows.slice(3), { long: "secret", help: "no", hidden: true }]),
    "  -c, --config-file FILE      read FILE\n      --as-xml[=KIND]         as XML\n",
  );
});

function read(words: readonly string[]) {
  const line = getopt(rows, words);
  assert.ok(line.ok);
  return line.value;
}

function given(words: readonly string[]): (readonly [string, string | undefined])[] {
  return read(words).options.map((option) => [option.long, option.value]);
}
