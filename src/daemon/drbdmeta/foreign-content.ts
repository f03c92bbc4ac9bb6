/**
 * What lies on a device that is to get new metadata. With metadata on the same device somebody's file system would be cut
 * short at its end, so that anything that is not empty counts as somebody's.
 */
import type { MetadataDevice } from "../../core/replication/offline/metadata-device.ts";

type Signature = { readonly what: string; readonly offset: number; readonly bytes: string };

/** The marks of what is found on servers' disks, at their fixed places. */
const signatures: readonly Signature[] = [
  { what: "an ext2, ext3 or ext4 file system", offset: 1080, bytes: "\x53\xef" },
  { what: "an XFS file system", offset: 0, bytes: "XFSB" },
  { what: "a Btrfs file system", offset: 65600, bytes: "_BHRfS_M" },
  { what: "swap space", offset: 4086, bytes: "SWAPSPACE2" },
  { what: "an LVM physical volume", offset: 512, bytes: "LABELONE" },
  { what: "a LUKS volume", offset: 0, bytes: "LUKS\xba\xbe" },
  { what: "an NTFS file system", offset: 3, bytes: "NTFS    " },
  { what: "a GPT partition table", offset: 512, bytes: "EFI PART" },
  { what: "a qcow2 image", offset: 0, bytes: "QFI\xfb" },
  { what: "a partition table or boot sector", offset: 510, bytes: "\x55\xaa" },
];

/** Where the marks are, and where whatever else is stored usually begins. */
const startBytes = 128 * 1024;

/** @returns what is there, for a sentence; undefined for a device that begins with zeros. */
export function foreignContent(device: MetadataDevice): string | undefined {
  const length = Math.min(startBytes, Math.floor(device.sizeBytes / 512) * 512);
  const start = device.read(0, length);
  const known = signatures.find(
    ({ offset, bytes }) => textAt(start, offset, bytes.length) === bytes,
  );
  if (known !== undefined) return known.what;
  return start.some((byte) => byte !== 0) ? "data of a kind that is not known" : undefined;
}

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
