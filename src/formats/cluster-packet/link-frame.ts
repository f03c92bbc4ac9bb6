/**
 * Frames of the stream between two daemons: a length (u32, of what follows), a kind (u8), a body. The reader
 * takes the stream in pieces of any size; a frame longer than the limit that holds when its length is read is a
 * fault, so that nobody makes us store what he has no right to send.
 */
import { ByteQueue } from "../../base/byte-queue.ts";
import { viewOf } from "../../base/bytes.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { FieldWriter } from "./packet-bytes.ts";

export const linkFrameKinds = {
  hello: 1,
  welcome: 2,
  confirm: 3,
  ready: 4,
  message: 5,
  ping: 6,
} as const;

export type LinkFrameKind = keyof typeof linkFrameKinds;

export type LinkFrame = { readonly kind: LinkFrameKind; readonly body: Uint8Array };

/** The longest message; what is longer is not sent. */
export const messageBytesMax: number = 16 * 1024 * 1024;
/** A message with its signature. */
export const frameBytesMax: number = messageBytesMax + 1024;
/** Until a peer has proven that it holds the key. */
export const handshakeFrameBytesMax = 512;

const kindOfNumber: ReadonlyMap<number, LinkFrameKind> = new Map(
  Object.entries(linkFrameKinds).map(([name, number]) => [number, name as LinkFrameKind]),
);

/** The frame in parts to be written one after the other; the body's parts are not copied. */
export function frameParts(
  kind: LinkFrameKind,
  body: readonly Uint8Array[],
): readonly Uint8Array[] {
  const length = body.reduce((sum, part) => sum + part.length, 1);
  const head = new FieldWriter().u32(length).u8(linkFrameKinds[kind]).finish();
  return [head, ...body.filter((part) => part.length > 0)];
}

export class LinkFrameReader {
  readonly #received: ByteQueue = new ByteQueue();

  push(bytes: Uint8Array): void {
    this.#received.push(bytes);
  }

  /** The next frame when all of it is there; a fault is final. @param bytesMax of its kind and body. */
  take(bytesMax: number): Result<LinkFrame | undefined> {
    if (this.#received.lengthBytes < 4) return ok(undefined);
    const length = viewOf(this.#received.head(4)).getUint32(0);
    if (length < 1 || length > bytesMax) return err(`a frame of ${length} bytes`);
    if (this.#received.lengthBytes < 4 + length) return ok(undefined);
    const frame = this.#received.take(4 + length);
    const kind = kindOfNumber.get(frame[4] ?? 0);
    if (kind === undefined) return err(`a frame of unknown kind ${frame[4]}`);
    return ok({ kind, body: frame.subarray(5) });
  }
}
