/**
 * The signed envelope of every datagram between nodes. Its layout up to the sender's name is the same in all
 * versions, so that a node of another version can be named instead of only refused:
 *
 *   0  "HFcp"
 *   4  version            u8
 *   5  kind               u8   1 = heartbeat
 *   6  key number         u16
 *   8  sender's name      u8 length, then UTF-8
 *   …  body               to the signature
 *   …  signature          of all before it
 *   -1 signature's length u8, the last byte
 *
 * What is signed begins with "HFcp", and what is signed on a link with "HFlk" (link-frame.ts): a signature of
 * the one is never one of the other.
 */
import { assert } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import type { Keyring } from "./keyring.ts";
import { isNodeName } from "./node-name.ts";
import { FieldReader, FieldWriter } from "./packet-bytes.ts";

const packetVersion = 1;
/** Longer datagrams are neither made nor looked at: with IP and UDP headers they still fit an Ethernet frame. */
export const packetBytesMax = 1472;

export type OpenedPacket = {
  readonly kind: number;
  readonly sender: string;
  readonly body: Uint8Array;
};

/**
 * Why a datagram is refused. `sender` is only what the packet claims, unless the signature was right.
 * - foreign: no packet of ours; heartbeat-2: one of the Heartbeat daemon's.
 * - bad-signature: the key is listed, the signature is not its; unknown-key: no such key here.
 * - other-version: genuine, but of a version that we do not speak. malformed: genuine, and makes no sense.
 */
export type PacketRefusal =
  | { readonly reason: "foreign" | "heartbeat-2" }
  | {
      readonly reason: "bad-signature" | "unknown-key";
      readonly sender: string;
      readonly key: number;
    }
  | { readonly reason: "other-version"; readonly sender: string; readonly version: number }
  | { readonly reason: "malformed"; readonly sender: string };

const magic = encodeUtf8("HFcp");
const heartbeat2Start = encodeUtf8("###\n");

export function sealPacket(
  packet: { readonly kind: number; readonly sender: string; readonly body: Uint8Array },
  keyring: Keyring,
): Uint8Array {
  const content = new FieldWriter()
    .bytes(magic)
    .u8(packetVersion)
    .u8(packet.kind)
    .u16(keyring.signingKey)
    .text(packet.sender)
    .bytes(packet.body)
    .finish();
  const signature = keyring.sign(content);
  const bytes = new FieldWriter().bytes(content).bytes(signature).u8(signature.length).finish();
  assert(bytes.length <= packetBytesMax, "the packet fits into one frame of an Ethernet");
  return bytes;
}

export function openPacket(
  bytes: Uint8Array,
  keyring: Keyring,
): Result<OpenedPacket, PacketRefusal> {
  if (startsWith(bytes, heartbeat2Start)) return err({ reason: "heartbeat-2" });
  if (!startsWith(bytes, magic) || bytes.length > packetBytesMax) return err({ reason: "foreign" });
  const signatureLength = bytes[bytes.length - 1] ?? 0;
  const contentLength = bytes.length - 1 - signatureLength;
  const content = bytes.subarray(0, Math.max(0, contentLength));
  const head = new FieldReader(content.subarray(Math.min(magic.length, content.length)));
  const version = head.u8();
  const kind = head.u8();
  const key = head.u16();
  const sender = head.text();
  if (head.broken || !isNodeName(sender)) return err({ reason: "foreign" });
  if (!keyring.knows(key)) return err({ reason: "unknown-key", sender, key });
  const signature = bytes.subarray(contentLength, bytes.length - 1);
  if (!keyring.verify(key, content, signature)) {
    return err({ reason: "bad-signature", sender, key });
  }
  if (version !== packetVersion) return err({ reason: "other-version", sender, version });
  return ok({ kind, sender, body: head.rest() });
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
