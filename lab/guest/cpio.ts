/** A cpio archive in the "newc" form, as the kernel unpacks it (initramfs buffer format; cpio(5)). */
import { Buffer } from "node:buffer";

export type ArchiveEntry = {
  /** Without a leading slash. */
  readonly name: string;
  /** As in stat(2): type and permissions. */
  readonly mode: number;
  readonly content?: Uint8Array;
};

export const directoryMode = 0o040755;
export const fileMode = 0o100644;
export const programMode = 0o100755;

export function cpioArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts = entries.map((entry, index) => encodeEntry(entry, index + 1));
  return Buffer.concat([...parts, encodeEntry({ name: "TRAILER!!!", mode: 0 }, 0)]);
}

function encodeEntry(entry: ArchiveEntry, inode: number): Buffer {
  const content = entry.content ?? new Uint8Array();
  const name = `${entry.name}\0`;
  const nameLength = Buffer.byteLength(name);
  const hex = (value: number): string => value.toString(16).padStart(8, "0");
  // inode, mode, uid, gid, links, mtime, size, device, special device, name's size, checksum
  const links = (entry.mode & 0o040000) !== 0 ? 2 : 1;
  const fields = [inode, entry.mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, nameLength, 0];
  const header = Buffer.from(`070701${fields.map(hex).join("")}${name}`, "latin1");
  return Buffer.concat([padded(header), padded(content)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, new Uint8Array(-bytes.length & 3)]);
}
