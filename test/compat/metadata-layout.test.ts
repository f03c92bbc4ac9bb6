/**
 * Where metadata lie, for devices of many sizes, with drbd-utils' drbdmeta as the judge: it takes a superblock only where it
 * looks for one itself, and with the very offsets that it computes. Files are sparse: a device of 64 TiB takes a few blocks.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import {
  type AlGeometry,
  defaultAlGeometry,
  type MetadataLayout,
  type MetaPlacement,
  metadataLayout,
} from "../../src/formats/drbd/metadata-layout.ts";
import { encodeSuperblock, MdFlag } from "../../src/formats/drbd/superblock.ts";

const program = "/usr/sbin/drbdmeta";
/** Where a file may be as long as the largest device: in memory, of which the holes take none. */
const parent = "/dev/shm";
const missing = !existsSync(program)
  ? `${program} (package drbd-utils) is not installed`
  : !existsSync(parent)
    ? `there is no ${parent} for files of 64 TiB`
    : undefined;
const skip = missing ?? false;
const dir = missing === undefined ? mkdtempSync(path.join(parent, "holdfast-layout-")) : "";
after(() => {
  if (dir !== "") rmSync(dir, { recursive: true, force: true });
});

const minor = "915";
const sectorBytes = 512;
const mib = 1024 * 1024;
const tib = 2 ** 40;

/** About each size at which the bitmap takes another block. */
const edges = [1, 2, 3, 127, 128, 129, 1000, 65536].flatMap((pages) =>
  [-4096, -512, 0, 512, 4096, 40960].map((more) => pages * 128 * mib + more),
);
const extremes = [68 * 1024, 72 * 1024, 69 * 1024 + 512, mib, 16 * tib, 64 * tib, 64 * tib - 512];

test("internal metadata lie where drbdmeta looks for them, for devices of any size", {
  skip,
}, () => {
  const any = fc.sample(fc.integer({ min: 136, max: 64 * 2 ** 31 }), { numRuns: 40, seed: 1 });
  for (const sizeBytes of [...extremes, ...edges, ...any.map((sectors) => sectors * sectorBytes)]) {
    judge({ kind: "internal" }, sizeBytes, defaultAlGeometry);
  }
});

test("so do those with other stripes of the activity log", { skip }, () => {
  const geometry = fc.record({
    stripes: fc.integer({ min: 1, max: 64 }),
    stripeSize4k: fc.integer({ min: 8, max: 64 }),
  });
  const size = fc.integer({ min: 64, max: 1_000_000 });
  for (const [al, mebibytes] of fc.sample(fc.tuple(geometry, size), { numRuns: 30, seed: 2 })) {
    judge({ kind: "internal" }, mebibytes * mib + 3 * sectorBytes, al);
    judge({ kind: "flexible" }, mebibytes * mib, al);
  }
});

test("flexible external metadata of any length, and every slot of an index", { skip }, () => {
  for (const sizeBytes of [mib, mib + 512, 8 * mib, 128 * mib + 4096, 2048 * mib]) {
    judge({ kind: "flexible" }, sizeBytes, defaultAlGeometry);
  }
  for (const index of [0, 1, 2, 100, 255]) {
    const sizeBytes = (index + 1) * 128 * mib;
    judge({ kind: "indexed", index }, sizeBytes, defaultAlGeometry);
    judge({ kind: "indexed", index }, sizeBytes + 77 * mib, defaultAlGeometry);
  }
});

test("what is too small for metadata has no layout, and drbdmeta finds nothing there either", {
  skip,
}, () => {
  for (const [placement, sizeBytes] of [
    [{ kind: "internal" }, 36 * 1024],
    [{ kind: "internal" }, 4096],
    [{ kind: "flexible" }, 64 * 1024],
  ] as const) {
    assert.ok(!layoutFor(placement, sizeBytes, defaultAlGeometry).ok, `${sizeBytes}`);
    const file = fileOf(sizeBytes);
    assert.notEqual(run(file, placement, "create-md").status, 0);
    rmSync(file);
  }
});

/** A superblock as our layout says is found by drbdmeta, and told with the same numbers. */
function judge(placement: MetaPlacement, sizeBytes: number, al: AlGeometry): void {
  const what = `${JSON.stringify(placement)} ${sizeBytes} ${JSON.stringify(al)}`;
  const layout = layoutFor(placement, sizeBytes, al);
  assert.ok(layout.ok, what);
  const file = fileOf(sizeBytes);
  const at = layout.value.superblockSector * sectorBytes;
  put(file, at, superblockOf(layout.value));
  const seen = run(file, placement, "dump-md");
  assert.equal(seen.status, 0, `${what}: ${seen.stderr}`);
  const { alOffset, bmOffset, mdSizeSectors } = layout.value;
  const numbers = {
    md_size_sect: mdSizeSectors,
    md_offset: at,
    al_offset: at + alOffset * sectorBytes,
    bm_offset: at + bmOffset * sectorBytes,
  };
  for (const [name, value] of Object.entries(numbers)) {
    assert.ok(seen.stdout.includes(`# ${name} ${value}\n`), `${what}: ${name} ${value}`);
  }
  assert.ok(statSync(file).blocks * 512 < mib, "the file is sparse");
  rmSync(file);
}

function layoutFor(placement: MetaPlacement, sizeBytes: number, al: AlGeometry) {
  const sectors = Math.floor(sizeBytes / sectorBytes);
  const dataSectors = placement.kind === "internal" ? sectors : 2 ** 43;
  return metadataLayout(placement, { dataSectors, metaSectors: sectors }, al);
}

function superblockOf({ mdSizeSectors, alOffset, bmOffset, al }: MetadataLayout): Uint8Array {
  return encodeSuperblock({
    laSizeSectors: 0,
    uuids: { current: 4n, bitmap: 0n, history1: 0n, history2: 0n },
    deviceUuid: 0n,
    flags: MdFlag.AlClean,
    clean: true,
    mdSizeSectors,
    alOffset,
    alExtents: 257,
    bmOffset,
    laPeerMaxBioBytes: 0,
    alStripes: al.stripes,
    alStripeSize4k: al.stripeSize4k,
  });
}

function fileOf(sizeBytes: number): string {
  const file = path.join(dir, "device");
  const fd = openSync(file, "w");
  ftruncateSync(fd, sizeBytes);
  closeSync(fd);
  return file;
}

function put(file: string, offset: number, bytes: Uint8Array): void {
  const fd = openSync(file, "r+");
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

function run(file: string, placement: MetaPlacement, command: string) {
  const place =
    placement.kind === "indexed"
      ? String(placement.index)
      : { internal: "internal", flexible: "flex-external" }[placement.kind];
  const words = ["--force", minor, "v08", file, place, command];
  return spawnSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
