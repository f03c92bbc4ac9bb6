/** Reads an undo file; its checksum is compared before anything in it is believed. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { UserError } from "../../../api/user-error.ts";
import {
  decodeUndoHeader,
  type UndoHeader,
  type UndoRange,
  undoDataBytes,
  undoDataOffset,
  undoDigestBytes,
  undoPieceBytes,
  undoPieces,
  undoPrefixBytes,
} from "../../../formats/undo/undo-file.ts";

export type OpenUndo = {
  readonly header: UndoHeader;
  /** The saved bytes, piece by piece. */
  pieces(): AsyncGenerator<{ readonly range: UndoRange; readonly bytes: Uint8Array }>;
  close(): Promise<void>;
};

/** @throws UserError HF2182 when it is missing, cut off, or not what was written. */
export async function openUndo(file: string): Promise<OpenUndo> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new UserError("HF2182", `cannot open ${file}: ${error.message}`);
  });
  try {
    const { header, dataOffset } = await readHeader(handle, file);
    await checkDigest(handle, file, dataOffset + undoDataBytes(header.ranges));
    return {
      header,
      pieces: () => readPieces(handle, file, dataOffset, header),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The header alone, unchecked: for lists. Undefined when it is none. */
export async function peekUndo(file: string): Promise<UndoHeader | undefined> {
  const handle = await open(file, "r").catch(() => undefined);
  try {
    return handle && (await readHeader(handle, file)).header;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}

async function readHeader(
  handle: FileHandle,
  file: string,
): Promise<{ readonly header: UndoHeader; readonly dataOffset: number }> {
  const dataOffset = undoDataOffset(await readAt(handle, file, 0, undoPrefixBytes));
  if (!dataOffset.ok) throw broken(file, dataOffset.error);
  const header = decodeUndoHeader(await readAt(handle, file, 0, dataOffset.value));
  if (!header.ok) throw broken(file, header.error);
  return { header: header.value, dataOffset: dataOffset.value };
}

async function checkDigest(handle: FileHandle, file: string, end: number): Promise<void> {
  const hash = createHash("sha256");
  for (let at = 0; at < end; at += undoPieceBytes) {
    hash.update(await readAt(handle, file, at, Math.min(undoPieceBytes, end - at)));
  }
  const stored = await readAt(handle, file, end, undoDigestBytes);
  if (!hash.digest().equals(stored)) throw broken(file, "its checksum is wrong");
}

async function* readPieces(
  handle: FileHandle,
  file: string,
  dataOffset: number,
  { ranges }: UndoHeader,
): AsyncGenerator<{ readonly range: UndoRange; readonly bytes: Uint8Array }> {
  let at = dataOffset;
  for (const range of undoPieces(ranges)) {
    yield { range, bytes: await readAt(handle, file, at, range.length) };
    at += range.length;
  }
}

async function readAt(
  handle: FileHandle,
  file: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw broken(file, "it is cut off");
    done += bytesRead;
  }
  return bytes;
}

function broken(file: string, why: string): UserError {
  return new UserError("HF2182", `${file} cannot be used: ${why}`, {
    remedy: "Nothing was changed. Is it the file that `holdfast resolve` has written?",
  });
}
