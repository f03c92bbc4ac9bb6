/**
 * What lies on a device that is to get new metadata. A file system, swap space or volume group tells how much of the
 * device it needs: what the metadata would cut short is refused. Anything else that is not empty counts as somebody's.
 */
import type { MetadataDevice } from "../../core/replication/offline/metadata-device.ts";
import { asciiAt, volumeSignatures } from "./volume-signatures.ts";

export type ForeignContent = {
  /** For a sentence: "an XFS file system". */
  readonly what: string;
  /** Bytes from the device's beginning that it needs; undefined for content that does not say. */
  readonly neededBytes: number | undefined;
};

type Mark = { readonly what: string; readonly offset: number; readonly bytes: string };

/** What is recognised by its mark alone. */
const marks: readonly Mark[] = [
  { what: "a Btrfs file system", offset: 65600, bytes: "_BHRfS_M" },
  { what: "a LUKS volume", offset: 0, bytes: "LUKS\xba\xbe" },
  { what: "an NTFS file system", offset: 3, bytes: "NTFS    " },
  { what: "a GPT partition table", offset: 512, bytes: "EFI PART" },
  { what: "a qcow2 image", offset: 0, bytes: "QFI\xfb" },
  { what: "a partition table or boot sector", offset: 510, bytes: "\x55\xaa" },
];

/** Where the marks are, and where whatever else is stored usually begins. */
const startBytes = 128 * 1024;

/** Undefined for a device that begins with zeros. */
export function foreignContent(device: MetadataDevice): ForeignContent | undefined {
  const start = device.read(0, Math.min(startBytes, Math.floor(device.sizeBytes / 512) * 512));
  for (const signature of volumeSignatures) {
    const found = signature(start);
    if (found !== undefined) {
      const { what, sizeBytes } = found;
      return { what, neededBytes: sizeBytes === "all" ? device.sizeBytes : sizeBytes };
    }
  }
  const mark = marks.find(({ offset, bytes }) => asciiAt(start, offset, bytes.length) === bytes);
  if (mark !== undefined) return { what: mark.what, neededBytes: undefined };
  return start.some((byte) => byte !== 0)
    ? { what: "data of a kind that is not known", neededBytes: undefined }
    : undefined;
}
