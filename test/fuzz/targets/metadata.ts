/** DRBD's metadata v08, as a disk has them that was torn, worn out, or written by somebody else. */
import { assert } from "../../../src/base/assert.ts";
import { equalBytes } from "../../../src/base/bytes.ts";
import { applyActivityLog } from "../../../src/core/replication/offline/apply-activity-log.ts";
import { readMetadata } from "../../../src/core/replication/offline/read-metadata.ts";
import { dumpText } from "../../../src/daemon/drbdmeta/dump-text.ts";
import {
  alBlockBytes,
  alContextMax,
  alUpdatesMax,
  decodeAlBlock,
  encodeAlBlock,
} from "../../../src/formats/drbd/activity-log-block.ts";
import { checkSuperblock } from "../../../src/formats/drbd/check-superblock.ts";
import { rawCrc32c } from "../../../src/formats/drbd/crc32c.ts";
import { type MetaPlacement, metadataLayout } from "../../../src/formats/drbd/metadata-layout.ts";
import {
  decodeSuperblock,
  encodeSuperblock,
  superblockBytes,
} from "../../../src/formats/drbd/superblock.ts";
import type { Chance, FuzzTarget, Outcome } from "../fuzz-target.ts";
import { editedArea, imageDevices, randomEdits } from "../inputs/metadata-image.ts";
import { anyU32, mutateBytes } from "../inputs/mutate-bytes.ts";

const fieldsBytes = 0x60;
const geometryBytes = 10;

/** The fields of a superblock, then the placement and the sizes of the devices on which it is found. */
export const metadataSuperblock: FuzzTarget = {
  name: "metadata-superblock",
  inputs: 1_250_000,
  make: (chance) => mutateBytes(superblockOnDevice(chance), chance),
  run: (input) => {
    const block = new Uint8Array(superblockBytes);
    block.set(input.subarray(0, fieldsBytes));
    const decoded = decodeSuperblock(block);
    if (!decoded.ok) return "refused";
    const superblock = decoded.value;
    const again = decodeSuperblock(encodeSuperblock(superblock));
    assert(again.ok && again.value.alOffset === superblock.alOffset, "a superblock comes back");
    const { placement, dataSectors, metaSectors } = deviceOf(input);
    const al = { stripes: superblock.alStripes, stripeSize4k: superblock.alStripeSize4k };
    const layout = metadataLayout(placement, { dataSectors, metaSectors }, al);
    if (!layout.ok) return "refused";
    if (!checkSuperblock(superblock, layout.value, placement.kind === "internal").ok)
      return "refused";
    const { bmOffset, alOffset } = superblock;
    const first = layout.value.superblockSector + Math.min(bmOffset, alOffset, 0);
    assert(first >= 0, "what is accepted begins within the device");
    const devices = placement.kind === "internal" ? dataSectors : metaSectors;
    const last = layout.value.superblockSector + (bmOffset < 0 ? 8 : superblock.mdSizeSectors);
    assert(last <= devices, "what is accepted ends within the device");
    return "read";
  },
};

function superblockOnDevice(chance: Chance): Uint8Array {
  const placement = chance.below(3);
  const sectors = 2048 * chance.between(2, 4096);
  const metaSectors = placement === 0 ? sectors : Math.max(sectors, 1_048_576);
  const layout = metadataLayout(placementOf(placement), { dataSectors: sectors, metaSectors });
  assert(layout.ok, "the devices are large enough");
  const { usableSectors, mdSizeSectors, alOffset, bmOffset } = layout.value;
  const bytes = encodeSuperblock({
    laSizeSectors: chance.below(usableSectors + 1),
    uuids: { current: chance.u64(), bitmap: chance.u64(), history1: 0n, history2: chance.u64() },
    deviceUuid: chance.u64(),
    flags: chance.below(512),
    clean: chance.below(2) === 0,
    mdSizeSectors,
    alOffset,
    alExtents: anyU32(chance),
    bmOffset,
    laPeerMaxBioBytes: anyU32(chance),
    alStripes: 1,
    alStripeSize4k: 8,
  });
  const out = new Uint8Array(fieldsBytes + geometryBytes);
  out.set(bytes.subarray(0, fieldsBytes));
  const view = new DataView(out.buffer, fieldsBytes);
  view.setUint8(0, placement);
  view.setUint32(2, sectors);
  view.setUint32(6, metaSectors);
  return out;
}

function deviceOf(input: Uint8Array): {
  readonly placement: MetaPlacement;
  readonly dataSectors: number;
  readonly metaSectors: number;
} {
  const geometry = new Uint8Array(geometryBytes);
  geometry.set(input.subarray(fieldsBytes, fieldsBytes + geometryBytes));
  const view = new DataView(geometry.buffer);
  const placement = placementOf(view.getUint8(0) % 3);
  const dataSectors = view.getUint32(2);
  const isInternal = placement.kind === "internal";
  return { placement, dataSectors, metaSectors: isInternal ? dataSectors : view.getUint32(6) };
}

function placementOf(number: number): MetaPlacement {
  const places = [
    { kind: "internal" },
    { kind: "flexible" },
    { kind: "indexed", index: 1 },
  ] as const;
  return places[number] ?? places[0];
}

/** A block of the activity log behind a byte that says whether its checksum is made right. */
export const metadataActivityLog: FuzzTarget = {
  name: "metadata-activity-log",
  inputs: 300_000,
  make: (chance) => {
    const bytes = mutateBytes(encodeAlBlock(anyBlock(chance)), chance);
    const out = new Uint8Array(1 + bytes.length);
    out.set([chance.below(4)]);
    out.set(bytes, 1);
    return out;
  },
  run: (input) => {
    const given = input.subarray(1);
    const whole = given.length >= alBlockBytes && (input[0] ?? 0) > 0;
    const decoded = decodeAlBlock(whole ? withChecksum(given) : given);
    if (!decoded.ok) return "refused";
    const again = decodeAlBlock(encodeAlBlock(decoded.value));
    assert(again.ok && again.value.kind === decoded.value.kind, "a transaction comes back");
    return "read";
  },
};

type Block = Parameters<typeof encodeAlBlock>[0];

function anyBlock(chance: Chance): Block {
  if (chance.below(8) === 0) return { kind: "initialised" };
  const updates = Array.from({ length: chance.below(alUpdatesMax + 1) }, () => ({
    slot: chance.below(0xffff),
    extent: chance.u32(),
  }));
  const context = new Uint32Array(alContextMax).fill(chance.u32());
  const contextSize = chance.below(0x10000);
  const contextStart = chance.below(contextSize + 1);
  return { kind: "update", trNumber: chance.u32(), updates, contextSize, contextStart, context };
}

function withChecksum(given: Uint8Array): Uint8Array {
  const block = given.slice(0, alBlockBytes);
  block.fill(0, 8, 12);
  new DataView(block.buffer).setUint32(8, rawCrc32c(block));
  return block;
}

/** A whole disk with its metadata: found, told, and its activity log applied. */
export const metadataImage: FuzzTarget = {
  name: "metadata-image",
  inputs: 50_000,
  make: (chance) => mutateBytes(randomEdits(chance), chance),
  run: (edits) => readImage(editedArea(edits)),
};

function readImage(area: Uint8Array): Outcome {
  const devices = imageDevices(area);
  const internal = { kind: "internal" } as const;
  const before = readMetadata(devices, internal);
  if (!before.ok) return "refused";
  const told = dumpText(before.value, { meta: devices.meta, force: true });
  assert(
    told.includes(`la-size-sect ${before.value.superblock.laSizeSectors};`),
    "a dump tells all",
  );
  if (!applyActivityLog(devices.meta, before.value).ok) return "refused";
  const after = readMetadata(devices, internal);
  assert(after.ok && after.value.superblock.clean, "what was applied is clean");
  const applied = area.slice();
  const marked = applyActivityLog(devices.meta, after.value);
  assert(marked.ok && marked.value === 0, "a log is applied once");
  assert(equalBytes(applied, area), "and nothing is written the second time");
  return "read";
}
