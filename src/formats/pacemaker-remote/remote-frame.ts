/**
 * Frames of the stream between a cluster node and pacemaker_remoted, inside TLS: a header of 40 bytes in the sender's own
 * byte order, known by its magic number, then a payload: XML as UTF-8 that ends with a zero byte.
 *
 * header: magic u32, version u32, id u64, flags u64, whole length u32, offset of the payload u32, compressed length u32 (0),
 * length of the payload u32.
 *
 * The format allows for a compressed payload; no version of pacemaker_remoted sends one, and it is refused.
 */
import { ByteQueue } from "../../base/byte-queue.ts";
import { viewOf } from "../../base/bytes.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { printXmlCompact } from "../xml/print-xml.ts";
import type { XmlElement } from "../xml/xml-element.ts";

const magic = 0xbadadbbd;
const version = 1;
const headerBytes = 40;

/** Longer frames are a fault; pacemaker_remoted itself takes no more. */
export const remoteFrameBytesMax: number = 20 * 1024 * 1024;

/**
 * Header and payload, each to be sent as a TLS record of its own, as Pacemaker does: the daemon's last step of the handshake
 * may take the first record in with it, and the second is then what wakes it.
 *
 * @param id counts the frames of one sender.
 */
export function remoteFrameParts(message: XmlElement, id: number): readonly Uint8Array[] {
  const payload = encodeUtf8(`${printXmlCompact(message)}\0`);
  const header = new Uint8Array(headerBytes);
  const view = viewOf(header);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(24, headerBytes + payload.length, true);
  view.setUint32(28, headerBytes, true);
  view.setUint32(36, payload.length, true);
  return [header, payload];
}

export class RemoteFrameReader {
  readonly #received: ByteQueue = new ByteQueue();

  push(bytes: Uint8Array): void {
    this.#received.push(bytes);
  }

  /** The next message when all of it is there; a fault is final. */
  take(): Result<XmlElement | undefined> {
    if (this.#received.lengthBytes < headerBytes) return ok(undefined);
    const length = readHeader(this.#received.head(headerBytes));
    if (!length.ok) return length;
    if (this.#received.lengthBytes < length.value) return ok(undefined);
    return readPayload(this.#received.take(length.value).subarray(headerBytes));
  }
}

/** @returns the length of the whole frame. */
function readHeader(head: Uint8Array): Result<number> {
  const view = viewOf(head);
  const isLittle = view.getUint32(0, true) === magic;
  if (!isLittle && view.getUint32(0, false) !== magic) return err("no frame of pacemaker_remoted");
  const field = (at: number): number => view.getUint32(at, isLittle);
  const [length, offset, compressed, payload] = [field(24), field(28), field(32), field(36)];
  if (offset !== headerBytes) return err(`a header of ${offset} bytes`);
  if (compressed !== 0) return err("a compressed payload");
  if (length !== headerBytes + payload) return err(`a frame of ${length} bytes with ${payload}`);
  if (length > remoteFrameBytesMax) return err(`a frame of ${length} bytes`);
  return ok(length);
}

function readPayload(payload: Uint8Array): Result<XmlElement> {
  if (payload.at(-1) !== 0) return err("a payload without its end");
  const parsed = parseXml(decodeUtf8(payload.subarray(0, -1)));
  return parsed.ok ? parsed : err(`no XML: ${parsed.error.message}`);
}
