/** Volumes whose backing files grow, on two real disk servers; and what drbd-utils' own tool then says of the metadata. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drbdmeta } from "../../../src/daemon/drbdmeta/drbdmeta.ts";
import { missingProgram, runProgram } from "../../disk/programs.ts";
import {
  bringUp,
  isInSync,
  type PairNode,
  type ServerPair,
  withPair,
} from "../../disk/server-pair.ts";

const skip = missingProgram("qemu-io", "nbdinfo", "/usr/sbin/drbdmeta");
const mib = 1024 * 1024;
const program = "/usr/sbin/drbdmeta";

test("a volume grows while it is in use, and whoever opens it then sees its new size", {
  skip,
}, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    await io(one, "write -P 1 0 4M");
    const before = await sizeOf(one);
    assert.equal(await seenSize(one), before);
    for (const node of [one, two]) node.grow(96 * mib);
    await one.ask("resize", { volume: 0 });
    await one.until(
      (status) => isInSync(status) && (status.volumes[0]?.sizeKib ?? 0) > before / 1024,
    );
    const after = await sizeOf(one);
    // Whoever is asked grows first, and then tells the other.
    await two.until((status) => status.volumes[0]?.sizeKib === after / 1024);
    await one.until(isInSync);
    assert.equal(await seenSize(one), after);
    await io(one, "write -P 2 80M 1M", "read -P 1 0 4M");
    assertSameData(pair, after);
    await assertSameDumps(pair);
    await Promise.all([one.up(), two.up()]);
    await one.until((status) => status.connection.state === "Connected");
    await one.ask("primary");
    await io(one, "read -P 2 80M 1M");
    assert.equal(await sizeOf(one), after);
  });
});

test("a disk that has grown while its server was down is taken as it is, and used after a resize", {
  skip,
}, async () => {
  await withPair(async (pair) => {
    await bringUp(pair);
    const { one, two } = pair;
    await io(one, "write -P 1 60M 1M");
    const before = await sizeOf(one);
    for (const node of [two, one]) {
      await node.down();
      node.grow(65 * mib);
    }
    await Promise.all([one.up(), two.up()]);
    await one.until(isInSync);
    assert.match(
      one.log(),
      /has grown from 67108864 to 68157440 bytes: its metadata are at its end now/,
    );
    await one.ask("primary");
    await io(one, "read -P 1 60M 1M");
    // Both nodes have told each other what they have when they connected.
    assert.equal(await sizeOf(one), before + mib);
    await io(one, "write -P 3 64M 512k");
    assertSameData(pair, await sizeOf(one));
  });
});

test("a disk that has become smaller is refused, and keeps what it has", { skip }, async () => {
  await withPair(async ({ one }) => {
    await one.start();
    await one.ask("attach", { volume: 0 });
    await one.down();
    one.grow(63 * mib);
    await one.start();
    const refused = await one.ask("attach", { volume: 0 }).catch((error: unknown) => error);
    assert.match(String(refused), /No valid meta data found/);
    assert.match((refused as { remedy?: string }).remedy ?? "", /Give it its size back/);
  });
});

async function sizeOf(node: PairNode): Promise<number> {
  return ((await node.status()).volumes[0]?.sizeKib ?? 0) * 1024;
}

async function seenSize(node: PairNode): Promise<number> {
  return Number((await runProgram("nbdinfo", ["--size", node.uri()])).stdout);
}

async function io(node: PairNode, ...commands: readonly string[]): Promise<void> {
  const words = commands.flatMap((command) => ["-c", command]);
  const ran = await runProgram("qemu-io", ["-f", "raw", ...words, node.uri()]);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  assert.doesNotMatch(ran.stdout, /fail|error/i);
}

function assertSameData({ one, two }: ServerPair, bytes: number): void {
  const [a, b] = [one, two].map((node) => readFileSync(node.file).subarray(0, bytes));
  assert.ok(a !== undefined && b !== undefined && a.equals(b), "both copies are equal");
}

/** Both servers end, one of them at once. */
async function assertSameDumps({ one, two }: ServerPair): Promise<void> {
  await one.kill();
  await two.down();
  for (const { file } of [one, two]) {
    let ours = "";
    const words = ["-", "v08", file, "internal", "dump-md", "--force"];
    const out = (text: string): void => {
      ours += text;
    };
    assert.equal(drbdmeta(words, { out, error: out }), 0, ours);
    const theirs = spawnSync(program, ["--force", ...words.slice(0, -1)], { encoding: "utf8" });
    assert.equal(theirs.status, 0, theirs.stderr);
    assert.equal(comparable(ours), comparable(theirs.stdout));
  }
}

/** Without the head with the time, and the flags, which 9.22 prints as zero. */
function comparable(dump: string): string {
  const lines = dump.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("# "));
  return lines.filter((line) => !/^#$|flags 0x/.test(line)).join("\n");
}
