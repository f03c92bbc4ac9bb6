/** dump-md's text, which `drbdmeta restore-md` of drbd-utils reads. Specification section 17. */
import { UserError } from "../../api/user-error.ts";
import type { MetadataDevice } from "../../core/replication/offline/metadata-device.ts";
import type { FoundMetadata } from "../../core/replication/offline/read-metadata.ts";
import { bitmapSectors } from "../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { MdFlag } from "../../formats/drbd/superblock.ts";
import { hex64 } from "./generation.ts";

const exitUnclean = 255;
const allOnes = 0xffff_ffff_ffff_ffffn;
const wordsPerLine = 4;
const wordsPerMark = 32;
/** Storage that one 64-bit word of the bitmap covers. */
const kibPerWord = 256;

/** @throws UserError HF2155 for metadata that a crash has left, without `force`. */
export function dumpText(
  { superblock, layout }: FoundMetadata,
  { meta, force }: { readonly meta: MetadataDevice; readonly force: boolean },
): string {
  const isClean = superblock.clean && (superblock.flags & MdFlag.AlClean) !== 0;
  if (!isClean && !force) {
    throw new UserError("HF2155", "the metadata were left by a crash, or are in use", {
      exit: exitUnclean,
      remedy: "Put them in order by apply-al, or see them as they are with --force.",
    });
  }
  const at = layout.superblockSector * sectorBytes;
  const bitmapBytes = bitmapSectors(superblock.laSizeSectors) * sectorBytes;
  const bitmap = meta.read(at + superblock.bmOffset * sectorBytes, bitmapBytes);
  const { current, bitmap: base, history1, history2 } = superblock.uuids;
  const uuids = [current, base, history1, history2].map((one) => `0x${hex64(one)};`).join(" ");
  const unclean = "This_is_an_unclean_meta_data_dump._Don't_trust_the_bitmap.\n";
  return `# DRBD meta data dump

version "v08";
${isClean ? "" : unclean}
# md_size_sect ${superblock.mdSizeSectors}
# md_offset ${at}
# al_offset ${at + superblock.alOffset * sectorBytes}
# bm_offset ${at + superblock.bmOffset * sectorBytes}

uuid {
    ${uuids}
    flags 0x${superblock.flags.toString(16).toUpperCase().padStart(8, "0")};
}
# al-extents ${superblock.alExtents};
la-size-sect ${superblock.laSizeSectors};
bm-byte-per-bit 4096;
device-uuid 0x${hex64(superblock.deviceUuid)};
la-peer-max-bio-size ${superblock.laPeerMaxBioBytes};
al-stripes ${superblock.alStripes};
al-stripe-size-4k ${superblock.alStripeSize4k};
# bm-bytes ${bitmapBytes};
bm {
${bitmapLines(bitmap)}}
# bits-set ${bitsSet(bitmap)};
`;
}

function bitsSet(bitmap: Uint8Array): number {
  let count = 0;
  for (const byte of bitmap) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Four words a line; of equal lines all clear or all set, `N times WORD;`. */
function bitmapLines(bitmap: Uint8Array): string {
  const view = new DataView(bitmap.buffer, bitmap.byteOffset, bitmap.byteLength);
  const words = Array.from({ length: bitmap.length / 8 }, (_, i) => view.getBigUint64(i * 8, true));
  const lines: string[] = [];
  for (let i = 0; i < words.length; ) {
    if (i % wordsPerMark === 0) lines.push(`   # at ${i * kibPerWord}kB\n`);
    const run = wholeLinesOfRun(words, i);
    const isRun = run > wordsPerLine;
    const line = isRun ? words.slice(i, i + 1) : words.slice(i, i + wordsPerLine);
    const text = line.map((word) => `0x${hex64(word)};`).join(" ");
    lines.push(`    ${isRun ? `${run} times ` : ""}${text}\n`);
    i += isRun ? run : line.length;
  }
  return lines.join("");
}

/** Only words of one kind of bits are told by their number, so that lines begin at every fourth word. */
function wholeLinesOfRun(words: readonly bigint[], from: number): number {
  if (words[from] !== 0n && words[from] !== allOnes) return 1;
  let end = from + 1;
  while (end < words.length && words[end] === words[from]) end += 1;
  return end - from - ((end - from) % wordsPerLine);
}
