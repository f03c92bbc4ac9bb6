/** The frame of the demo, with a short list of steps that run on this machine instead of lab hosts. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { DemoStep } from "./demo-step.ts";
import { newScreen } from "./screen.ts";
import { newStepRunner, type StepRunner } from "./step-runner.ts";

test("each step is shown as typed, with its output, and recorded with its exit code", async () => {
  const { runner, shown } = frame();
  await runner.run({ host: "xen1", command: "echo hello; echo problem >&2" });
  await runner.run({ host: "xen2", command: "exit 3", exits: [0, 3] });
  await runner.run({ host: "xen1", command: "echo $HOST_NAME" });
  assert.equal(
    shown(),
    "xen1# echo hello; echo problem >&2\nhello\nproblem\nxen2# exit 3\nxen1# echo $HOST_NAME\nxen1\n",
  );
  assert.deepEqual(
    runner.done.map(({ host, command, exit }) => [host, command, exit]),
    [
      ["xen1", "echo hello; echo problem >&2", 0],
      ["xen2", "exit 3", 3],
      ["xen1", "echo $HOST_NAME", 0],
    ],
  );
  assert.ok(runner.done.every(({ seconds }) => seconds >= 0));
});

test("a wrong exit code ends the demo, with the step shown and recorded", async () => {
  const { runner, shown } = frame();
  const step: DemoStep = { host: "xen1", command: "echo no; exit 20" };
  await assert.rejects(runner.run(step), {
    code: "HF7018",
    message: /exit code 20 of: xen1# echo no/,
  });
  assert.match(shown(), /no\n$/);
  assert.equal(runner.done[0]?.exit, 20);
});

test("a step that waits is repeated until it holds, and shown once", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-steps-"));
  const { runner, shown } = frame();
  const output = await runner.run({
    host: "xen1",
    command: `echo x >> ${dir}/count; wc -l < ${dir}/count`,
    until: { what: "three", holds: (text) => text.trim() === "3" },
  });
  rmSync(dir, { recursive: true });
  assert.equal(output.trim(), "3");
  assert.equal(shown().match(/# echo/g)?.length, 1);
  assert.equal(runner.done.length, 1);
});

test("what does not come about in time ends the demo with what was awaited", async () => {
  const { runner } = frame();
  const step: DemoStep = {
    ...{ host: "xen1", command: "echo not yet", limitMs: 300 },
    until: { what: "the impossible", holds: () => false },
  };
  await assert.rejects(runner.run(step), { code: "HF7018", message: /not yet: the impossible/ });
  const slow: DemoStep = { host: "xen1", command: "sleep 1000", limitMs: 100 };
  await assert.rejects(runner.run(slow), { code: "HF7018", message: /exit code 137/ });
});

test("what a step leaves running in the background does not hold the demo up", async () => {
  const { runner } = frame();
  const output = await runner.run({ host: "xen1", command: "sleep 5 & echo started" });
  assert.equal(output, "started\n");
});

test("an interruption ends the command that runs, and no other is begun", async () => {
  const { runner, interrupt } = frame();
  const running = runner.run({ host: "xen1", command: "sleep 1000" });
  interrupt();
  await assert.rejects(running, /stop here/);
  await assert.rejects(runner.run({ host: "xen1", command: "true" }), /stop here/);
  assert.equal(runner.done.length, 0);
});

test("of a long output the two ends are shown", async () => {
  const { runner, shown } = frame();
  await runner.run({ host: "xen1", command: "seq 100" });
  const lines = shown().trimEnd().split("\n");
  assert.equal(lines.length, 38);
  assert.deepEqual(lines.slice(18, 21), ["18", "… 64 lines more …", "83"]);
});

test("lines that are too long for the page are broken between words, others left as they are", async () => {
  const { runner, shown } = frame();
  const long = "word ".repeat(30).trim();
  await runner.run({ host: "xen1", command: `echo "a   b"; echo ${long}`, silent: false });
  const lines = shown().trimEnd().split("\n").slice(1);
  assert.equal(lines[0], "a   b");
  assert.ok(lines.every((line) => line.length <= 100));
  assert.equal(lines.slice(1).join(" ").replaceAll(/\s+/g, " "), long);
});

test("what is read by the demo alone is not shown", async () => {
  const { runner, shown } = frame();
  await runner.run({ host: "xen1", command: "echo '[]'", silent: true });
  assert.equal(shown(), "xen1# echo '[]'\n");
});

function frame(): { runner: StepRunner; shown(): string; interrupt(): void } {
  let text = "";
  const screen = newScreen({ write: (more) => (text += more) }, false);
  const stop = new AbortController();
  const enter = (host: string, argv: readonly string[]): readonly string[] => [
    ...["env", `HOST_NAME=${host}`],
    ...argv,
  ];
  return {
    runner: newStepRunner(enter, screen, stop.signal),
    // Whether a step took a second depends on the machine.
    shown: () => text.replace(/^\(\d+\.\d s\)\n/gm, ""),
    interrupt: () => stop.abort(new Error("stop here")),
  };
}
