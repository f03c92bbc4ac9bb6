/** The worked example of docs/design/scheduling.md: what it shows is what the tools print. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { whyNoOracle } from "./cib-oracle.ts";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/design/scheduling.md"), "utf8");
const file = "two-nodes.xml";
const examples = [...page.matchAll(/^```\n\$ (\S+) (.*)\n([\s\S]*?)^```$/gm)].map(
  ([, tool = "", words = "", shown = ""]) => ({ tool, words, shown }),
);

test("the page has its examples", () => {
  assert.deepEqual(
    examples.map(({ tool }) => tool),
    ["crm_simulate", "holdfast", "crm_simulate", "holdfast"],
  );
});

for (const { tool, words, shown } of examples) {
  test(`${tool} ${words} prints what the page shows`, () => {
    assertShown(`${run(path.join(root, "bin", tool), words).trimEnd()}\n`, shown);
  });
}

test("Debian's crm_simulate has the same scores and the same transition", {
  skip: whyNoOracle("crm_simulate") ?? false,
}, () => {
  for (const words of examples.flatMap((each) =>
    each.tool === "crm_simulate" ? each.words : [],
  )) {
    const [theirs, ours] = ["crm_simulate", path.join(root, "bin/crm_simulate")].map((tool) =>
      run(tool, words)
        .split("\n")
        .map((line) => line.replace(/^ *\* /, "").trim())
        .filter((line) => /allocation score|action:|Fenc|Move/.test(line)),
    );
    assert.ok((theirs?.length ?? 0) > 10);
    assert.deepEqual(ours, theirs);
  }
});

function run(tool: string, words: string): string {
  const cwd = path.join(root, "examples/scheduling");
  const env = { ...process.env, CIB_file: path.join(cwd, file), LC_ALL: "C", TZ: "UTC" };
  const ran = spawnSync(tool, words.split(" "), { cwd, env, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

/** A line "…" stands for what is left out. */
function assertShown(printed: string, shown: string): void {
  let rest = printed;
  for (const part of shown.split(/^…\n/m)) {
    const at = rest.indexOf(part);
    assert.ok(at >= 0, `the page shows\n${part}\nprinted is\n${rest}`);
    rest = rest.slice(at + part.length);
  }
  if (!shown.endsWith("…\n")) assert.equal(rest, "");
}
