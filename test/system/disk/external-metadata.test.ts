/** Metadata on devices of their own, with real disk servers: a whole one, or a slot of one that resources share. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { drbdmeta } from "../../../src/daemon/drbdmeta/drbdmeta.ts";
import { openDevice } from "../../../src/host/store/open-device.ts";
import { missingProgram, runProgram } from "../../disk/programs.ts";
import { bringUp, freePorts, isInSync, PairNode } from "../../disk/server-pair.ts";

const program = "/usr/sbin/drbdmeta";
const skip = missingProgram("qemu-io", program);
const mib = 1024 * 1024;
const dataBytes = 32 * mib;

type Place = { readonly words: string; readonly place: string; readonly metaBytes: number };
const places: readonly Place[] = [
  { words: "", place: "flex-external", metaBytes: 2 * mib },
  { words: " [1]", place: "1", metaBytes: 256 * mib },
];

for (const place of places) {
  test(`two servers with metadata in ${place.place}: a crash, a resync, a growth`, { skip }, () =>
    withExternal(place, async (one, two) => {
      const pair = { one, two, directory: "" };
      await bringUp(pair);
      // All of the data device is the volume's.
      assert.equal((await one.status()).volumes[0]?.sizeKib, dataBytes / 1024);
      await io(one, "write -P 1 0 4M", "write -P 2 31M 1M", "flush");
      await two.kill();
      await one.until((status) => status.connection.state !== "Connected");
      await io(one, "write -P 3 8M 64k", "flush");
      await one.kill();
      for (const node of [one, two]) assertSameDump(metaOf(node), place.place);
      await Promise.all([one.up(), two.up()]);
      await one.until((status) => isInSync(status));
      await one.ask("primary");
      for (const node of [one, two]) node.grow(2 * dataBytes);
      await one.ask("resize", { volume: 0 });
      const grown = (2 * dataBytes) / 1024;
      await one.until((status) => isInSync(status) && status.volumes[0]?.sizeKib === grown);
      await io(one, "write -P 4 60M 1M", "read -P 2 31M 1M", "read -P 3 8M 64k");
      await one.ask("secondary");
      await two.down();
      await one.down();
      assert.ok(readFileSync(one.file).equals(readFileSync(two.file)), "both copies are equal");
      for (const node of [one, two]) assertSameDump(metaOf(node), place.place);
    }),
  );
}

test("a slot has one owner, and another slot is free to others", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-slots-"));
  const file = path.join(directory, "meta");
  writeFileSync(file, "");
  truncateSync(file, 384 * mib);
  const slot = (index: number) =>
    openDevice(file, { offset: index * 128 * mib, lengthBytes: 128 * mib });
  const [first, second, again, whole] = [slot(0), slot(1), slot(0), openDevice(file)];
  assert.ok(first.ok && second.ok);
  assert.ok(!again.ok && again.error.code === "EBUSY");
  assert.ok(!whole.ok && whole.error.code === "EBUSY");
  for (const held of [first, second]) closeSync(held.value.fd);
  rmSync(directory, { recursive: true });
});

async function withExternal(
  { words, place, metaBytes }: Place,
  body: (one: PairNode, two: PairNode) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-external-"));
  const ports = await freePorts();
  const nodes = (["one", "two"] as const).map((host) => {
    for (const [file, sizeBytes] of [
      [`${host}.img`, dataBytes],
      [`${host}.img.meta`, metaBytes],
    ] as const) {
      writeFileSync(path.join(directory, file), "");
      truncateSync(path.join(directory, file), sizeBytes);
    }
    const meta = path.join(directory, `${host}.img.meta`);
    dumpOrMake(meta, place, "create-md");
    const more = "disk { c-max-rate 1G; }";
    const metaDisk = `${meta}${words}`;
    const sizeBytes = dataBytes;
    return new PairNode({ directory, host, ports, more, metaDisk, sizeBytes, keepDisk: true });
  });
  const [one, two] = nodes;
  assert.ok(one !== undefined && two !== undefined);
  try {
    await body(one, two);
  } finally {
    await one.kill();
    await two.kill();
    rmSync(directory, { recursive: true });
  }
}

function metaOf({ file }: PairNode): string {
  return `${file}.meta`;
}

/** Both programs say the same of them. */
function assertSameDump(file: string, place: string): void {
  const theirs = spawnSync(program, ["--force", "-", "v08", file, place, "dump-md"], {
    encoding: "utf8",
  });
  assert.equal(theirs.status, 0, theirs.stderr);
  assert.equal(comparable(dumpOrMake(file, place, "dump-md")), comparable(theirs.stdout));
}

function dumpOrMake(file: string, place: string, command: string): string {
  let text = "";
  const out = (more: string): void => {
    text += more;
  };
  assert.equal(drbdmeta(["--force", "-", "v08", file, place, command], { out, error: out }), 0);
  return text;
}

/** Without the head with the time, and the flags, which 9.22 prints as zero. */
function comparable(dump: string): string {
  const lines = dump.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("# "));
  return lines.filter((line) => !/^#$|flags 0x/.test(line)).join("\n");
}

async function io(node: PairNode, ...commands: readonly string[]): Promise<void> {
  const words = commands.flatMap((command) => ["-c", command]);
  const ran = await runProgram("qemu-io", ["-f", "raw", ...words, node.uri()]);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  assert.doesNotMatch(ran.stdout, /fail|error/i);
}
