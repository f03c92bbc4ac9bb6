/**
 * Writes an undo file: under another name until all of it is on stable storage, so that a file with the right name is a
 * whole one.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DiskUndo } from "../../../api/disk-protocol.ts";
import {
  encodeUndoHeader,
  type UndoHeader,
  undoDataBytes,
  undoDigestBytes,
  undoPieces,
} from "../../../formats/undo/undo-file.ts";
import type { Store } from "../../../ports/store.ts";
import { readStore } from "./store-promises.ts";
import {
  makeUndoDirectory,
  removeUnfinished,
  requireRoom,
  undoPath,
  unfinishedPath,
} from "./undo-directory.ts";

/** @throws UserError HF2181 without room, HF2184 when the disk can't be read. */
export async function writeUndo(header: UndoHeader, store: Store): Promise<DiskUndo> {
  const head = encodeUndoHeader(header);
  const dataBytes = undoDataBytes(header.ranges);
  await makeUndoDirectory();
  await removeUnfinished(header.resource, header.volume);
  await requireRoom(head.length + dataBytes + undoDigestBytes);
  const file = undoPath(header.resource, header.volume, header.savedAtMs);
  const unfinished = unfinishedPath(file);
  const handle = await open(unfinished, "wx", 0o600);
  try {
    await writeAll(handle, head, header, store);
    await handle.sync();
    await handle.close();
    await rename(unfinished, file);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncDirectory(path.dirname(file));
  const { resource, volume, node, savedAtMs, reason } = header;
  return { file, resource, volume, node, savedAtMs, reason, dataKib: dataBytes / 1024 };
}

async function writeAll(
  handle: FileHandle,
  head: Uint8Array,
  { ranges }: UndoHeader,
  store: Store,
): Promise<void> {
  const hash = createHash("sha256");
  const write = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    await handle.writeFile(bytes);
  };
  await write(head);
  for (const { offset, length } of undoPieces(ranges)) {
    await write(await readStore(store, offset, length));
  }
  await handle.writeFile(hash.digest());
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
