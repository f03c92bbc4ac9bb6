/**
 * The signatures that drbd-utils' drbdmeta knows (swap, LVM, ext2 to ext4, XFS, JFS, ReiserFS), with the size that each says
 * it has. Where theirs asks `pvs` for the size of a physical volume, its own header is read here.
 */
export type VolumeSignature = {
  /** For a sentence. */
  readonly what: string;
  /** `all`: it uses its device to the end. */
  readonly sizeBytes: number | "all";
};

/** In drbdmeta's order. `start` is the beginning of the device; it may be a short one. */
export const volumeSignatures: readonly ((start: Uint8Array) => VolumeSignature | undefined)[] = [
  swapSpace,
  physicalVolume,
  extFileSystem,
  xfsFileSystem,
  jfsFileSystem,
  reiserFileSystem,
];

/** Bytes as characters of the same numbers; shorter at the end. */
export function asciiAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

const pageBytes = [4096, 8192] as const;

function swapSpace(start: Uint8Array): VolumeSignature | undefined {
  const isSwap = pageBytes.some((page) =>
    ["SWAP-SPACE", "SWAPSPACE2"].includes(asciiAt(start, page - 10, 10)),
  );
  return isSwap ? { what: "swap space", sizeBytes: "all" } : undefined;
}

/** The label may be in any of the first four sectors; it says where the header with the size is. */
function physicalVolume(start: Uint8Array): VolumeSignature | undefined {
  for (let label = 0; label < 2048; label += 512) {
    if (asciiAt(start, label, 8) !== "LABELONE" || asciiAt(start, label + 24, 4) !== "LVM2")
      continue;
    const header = label + (little(start, label + 20, 4) ?? 0);
    const sizeBytes = little(start, header + 32, 8) ?? 0;
    return { what: "an LVM physical volume", sizeBytes: sizeBytes === 0 ? "all" : sizeBytes };
  }
  return undefined;
}

function extFileSystem(start: Uint8Array): VolumeSignature | undefined {
  const superblock = 1024;
  if (little(start, superblock + 0x38, 2) !== 0xef53) return undefined;
  const has64Bits = ((little(start, superblock + 0x60, 4) ?? 0) & 0x80) !== 0;
  const high = has64Bits ? (little(start, superblock + 0x150, 4) ?? 0) : 0;
  const blocks = (little(start, superblock + 4, 4) ?? 0) + high * 0x1_0000_0000;
  const blockBytes = 1024 * 2 ** Math.min(6, little(start, superblock + 0x18, 4) ?? 0);
  return { what: "an ext2, ext3 or ext4 file system", sizeBytes: blocks * blockBytes };
}

function xfsFileSystem(start: Uint8Array): VolumeSignature | undefined {
  if (asciiAt(start, 0, 4) !== "XFSB") return undefined;
  return {
    what: "an XFS file system",
    sizeBytes: (big(start, 4, 4) ?? 0) * (big(start, 8, 8) ?? 0),
  };
}

function jfsFileSystem(start: Uint8Array): VolumeSignature | undefined {
  const superblock = 32768;
  if (asciiAt(start, superblock, 4) !== "JFS1") return undefined;
  const blocks = little(start, superblock + 8, 8) ?? 0;
  return {
    what: "a JFS file system",
    sizeBytes: blocks * (little(start, superblock + 24, 4) ?? 0),
  };
}

function reiserFileSystem(start: Uint8Array): VolumeSignature | undefined {
  const superblock = 65536;
  const magic = asciiAt(start, superblock + 0x34, 9);
  if (!magic.startsWith("ReIsErFs") && magic !== "ReIsEr2Fs") return undefined;
  const blocks = little(start, superblock, 4) ?? 0;
  return {
    what: "a ReiserFS file system",
    sizeBytes: blocks * (little(start, superblock + 0x2c, 2) ?? 0),
  };
}

function little(bytes: Uint8Array, offset: number, length: number): number | undefined {
  return big(bytes.slice(offset, offset + length).reverse(), 0, length);
}

/** Undefined beyond the end. Sizes of more than 2^53 bytes lose their last digits: they are too large either way. */
function big(bytes: Uint8Array, offset: number, length: number): number | undefined {
  if (offset + length > bytes.length) return undefined;
  return bytes.subarray(offset, offset + length).reduce((sum, byte) => sum * 256 + byte, 0);
}
