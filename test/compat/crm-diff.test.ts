/** crm_diff against Debian's: the same difference, and each applies the other's. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { crmDiff } from "../../src/cli/crm-diff/crm-diff.ts";
import { runOnFile } from "../cluster/file-commands.ts";
import { whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle("crm_diff") ?? false;
const own = "our crm_diff";
const folder = mkdtempSync(path.join(tmpdir(), "holdfast-diff-"));
after(() => rmSync(folder, { recursive: true }));

const guests = (...names: readonly string[]): string =>
  names
    .map((id) => `<primitive id="${id}" class="ocf" provider="heartbeat" type="Dummy"/>`)
    .join("");

const old = cib(1, guests("host1", "host2", "host3"), 'score="50"');
const rows: readonly (readonly [sentence: string, fresh: string])[] = [
  ["nothing", old],
  ["a value", cib(2, guests("host1", "host2", "host3"), 'score="70"')],
  ["an attribute more", cib(2, guests("host1", "host2", "host3"), 'score="50" role="Started"')],
  ["a guest more, in the middle", cib(2, guests("host1", "new", "host2", "host3"), 'score="50"')],
  ["a guest less", cib(2, guests("host1", "host3"), 'score="50"')],
];

for (const [sentence, fresh] of rows) {
  for (const options of [[], ["--cib"], ["--no-version"]]) {
    const what = [sentence, ...options].join(" ");
    test(`${what}: the same difference as Debian's crm_diff`, { skip }, async () => {
      const words = [...options, "-o", file("old", old), "-n", file("new", fresh)];
      const [ours, theirs] = [await run(own, words), await run("crm_diff", words)];
      // Pacemaker writes an apostrophe as an entity.
      assert.equal(ours.stdout, theirs.stdout.replaceAll("&apos;", "'"));
      assert.equal(ours.status, theirs.status);
    });
  }
}

test("guests in another order: each makes the same CIB of the other's difference", {
  skip,
}, async () => {
  const fresh = cib(2, guests("host3", "host1", "added", "host2"), 'score="-INFINITY"');
  const [from, to] = [file("old", old), file("new", fresh)];
  for (const maker of [own, "crm_diff"]) {
    const patch = file("patch", (await run(maker, ["-c", "-o", from, "-n", to])).stdout);
    for (const user of [own, "crm_diff"]) {
      const result = (await run(user, ["-o", from, "-p", patch])).stdout;
      const left = await run(own, ["-o", file("result", result), "-n", to]);
      assert.equal(left.status, 0, result);
    }
  }
});

function file(name: string, text: string): string {
  const at = path.join(folder, `${name}.xml`);
  writeFileSync(at, text);
  return at;
}

/** Ours in this process. */
async function run(
  tool: string,
  words: readonly string[],
): Promise<{ stdout: string; status: number | null }> {
  if (tool === own) {
    const { out, exit } = await runOnFile("/nowhere", crmDiff, words);
    return { stdout: out, status: exit };
  }
  const { stdout, status } = spawnSync(tool, words, { encoding: "utf8" });
  return { stdout, status };
}

function cib(epoch: number, resources: string, home: string): string {
  return `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="1" epoch="${epoch}"
    num_updates="0"><configuration><crm_config/><nodes/><resources>${resources}</resources>
    <constraints><rsc_location id="home" rsc="host1" node="xen1" ${home}/></constraints></configuration>
    <status/></cib>`;
}
