import assert from "node:assert/strict";
import { test } from "node:test";
import { labHelp } from "./help.ts";
import { parseLabArguments } from "./lab-request.ts";

const good: readonly (readonly [line: string, name: string, request: object])[] = [
  ["up", "lab", { verb: "up", lvm: false }],
  ["up --hosts 3 --dir /x --name a", "a", { verb: "up", hosts: 3, dir: "/x", lvm: false }],
  ["--name=b up --lvm", "b", { verb: "up", lvm: true }],
  ["status --json", "lab", { verb: "status", json: true }],
  [
    "run xen1 -- ls -l --json",
    "lab",
    { verb: "run", host: "xen1", command: ["ls", "-l", "--json"] },
  ],
  ["run --name a xen1 ls -l", "a", { verb: "run", host: "xen1", command: ["ls", "-l"] }],
  ["run xen1 --name a -- ls -l", "a", { verb: "run", host: "xen1", command: ["ls", "-l"] }],
  ["run xen1 --name=a ls -l", "a", { verb: "run", host: "xen1", command: ["ls", "-l"] }],
  ["run xen1 -- ls --name a", "lab", { verb: "run", host: "xen1", command: ["ls", "--name", "a"] }],
  ["run xen1 -- sh -- x", "lab", { verb: "run", host: "xen1", command: ["sh", "--", "x"] }],
  ["kill xen2", "lab", { verb: "kill", host: "xen2" }],
  ["cut xen1", "lab", { verb: "cut", host: "xen1", direction: "both", management: false }],
  [
    "cut xen1 --from xen2 --only sends --management",
    "lab",
    { verb: "cut", host: "xen1", from: "xen2", direction: "sends", management: true },
  ],
  ["heal", "lab", { verb: "heal" }],
  ["heal xen1", "lab", { verb: "heal", host: "xen1" }],
  ["down", "lab", { verb: "down" }],
  ["", "lab", { verb: "help" }],
  ["cut --help", "lab", { verb: "help" }],
];

for (const [line, name, request] of good) {
  test(`lab ${line}`, () => {
    assert.deepEqual(parseLabArguments(wordsOf(line)), { ok: true, value: { name, request } });
  });
}

const bad: readonly (readonly [line: string, complaint: RegExp])[] = [
  ["dance", /no "lab dance"; there are up, status/],
  ["toString", /no "lab toString"/],
  ["kill", /needs a host/],
  ["kill xen1 xen2", /does not take "xen2"/],
  ["status xen1", /does not take "xen1"/],
  ["up --hosts two", /--hosts takes a number/],
  ["up --hosts", /--hosts needs a value/],
  ["down --json", /takes no --json/],
  ["down --force", /no option --force/],
  ["run xen1", /run what on xen1/],
  ["cut xen1 --only both", /"sends" or "hears"/],
  ["cut xen1 --from xen1", /from itself/],
];

for (const [line, complaint] of bad) {
  test(`lab ${line}: refused`, () => {
    const parsed = parseLabArguments(wordsOf(line));
    assert.ok(!parsed.ok);
    assert.match(parsed.error, complaint);
  });
}

test("the help names every command and fits 100 columns", () => {
  for (const verb of "up status run shell kill boot cut heal freeze thaw down".split(" ")) {
    assert.match(labHelp, new RegExp(`\\b${verb}\\b`));
  }
  assert.ok(labHelp.split("\n").every((line) => line.length <= 100));
});

function wordsOf(line: string): readonly string[] {
  return line.split(" ").filter((word) => word !== "");
}
