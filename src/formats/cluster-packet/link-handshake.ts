/**
 * How a stream between two daemons begins, and what is signed on it:
 *
 *   dialer   -> hello    version u8 · from · to · incarnation u64 · nonce 16 bytes
 *   acceptor -> welcome  the same fields of its own · key u16 · signature
 *   dialer   -> confirm  key u16 · signature
 *   acceptor -> ready    a signed frame: it takes the dialer for a member
 *
 * The signatures of welcome and confirm are over hello and welcome, each with a word of its own; that of a later
 * frame over both nonces, the direction and the count of frames in it: so no frame can be replayed, reordered,
 * moved to another stream or turned back on its sender.
 *
 * A signed frame's body: key u16 · signature length u8 · signature · payload.
 */
import { concatBytes } from "../../base/bytes.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { type LinkFrameKind, linkFrameKinds } from "./link-frame.ts";
import { isNodeName } from "./node-name.ts";
import { FieldReader, FieldWriter } from "./packet-bytes.ts";

export const linkVersion = 1;
export const linkNonceBytes = 16;

export type LinkGreeting = {
  readonly version: number;
  readonly from: string;
  readonly to: string;
  /** The membership's number of this start of the sender's daemon. */
  readonly incarnation: bigint;
  readonly nonce: Uint8Array;
};

export type Signed = { readonly key: number; readonly signature: Uint8Array };

const linkMagic = "HFlk";

export function encodeGreeting(greeting: LinkGreeting): Uint8Array {
  return new FieldWriter()
    .u8(greeting.version)
    .text(greeting.from)
    .text(greeting.to)
    .u64(greeting.incarnation)
    .bytes(greeting.nonce)
    .finish();
}

/** A hello. Undefined when it makes no sense. */
export function decodeHello(body: Uint8Array): LinkGreeting | undefined {
  const reader = new FieldReader(body);
  const greeting = readGreeting(reader);
  return reader.complete ? greeting : undefined;
}

/** A welcome: the greeting, its own bytes (which are signed), and the signature. */
export function decodeWelcome(
  body: Uint8Array,
):
  | { readonly greeting: LinkGreeting; readonly bytes: Uint8Array; readonly signed: Signed }
  | undefined {
  const reader = new FieldReader(body);
  const greeting = readGreeting(reader);
  const bytes = body.subarray(0, reader.offset);
  const signed = { key: reader.u16(), signature: reader.rest() };
  if (reader.broken || greeting === undefined) return undefined;
  return { greeting, bytes, signed };
}

export function encodeSigned({ key, signature }: Signed): Uint8Array {
  return new FieldWriter().u16(key).bytes(signature).finish();
}

export function decodeSigned(body: Uint8Array): Signed | undefined {
  const reader = new FieldReader(body);
  const signed = { key: reader.u16(), signature: reader.rest() };
  return reader.broken ? undefined : signed;
}

/** What stands before the payload of a signed frame. */
export function encodeFrameSignature({ key, signature }: Signed): Uint8Array {
  return new FieldWriter().u16(key).u8(signature.length).bytes(signature).finish();
}

export function decodeSignedFrame(
  body: Uint8Array,
): { readonly signed: Signed; readonly payload: Uint8Array } | undefined {
  const reader = new FieldReader(body);
  const key = reader.u16();
  const signature = reader.bytes(reader.u8());
  const payload = reader.rest();
  return reader.broken ? undefined : { signed: { key, signature }, payload };
}

/** What the signature of a welcome or a confirm is over. */
export function handshakeText(
  word: "welcome" | "confirm",
  hello: Uint8Array,
  welcome: Uint8Array,
): Uint8Array {
  return new FieldWriter()
    .bytes(encodeUtf8(linkMagic))
    .text(word)
    .u16(hello.length)
    .bytes(hello)
    .u16(welcome.length)
    .bytes(welcome)
    .finish();
}

/** What the signature of a later frame is over. */
export function frameText(
  frame: { readonly kind: LinkFrameKind; readonly payload: Uint8Array },
  place: {
    readonly dialerNonce: Uint8Array;
    readonly acceptorNonce: Uint8Array;
    readonly sender: "dialer" | "acceptor";
    /** How many signed frames this sender has sent on this stream before. */
    readonly count: number;
  },
): Uint8Array {
  const head = new FieldWriter()
    .bytes(encodeUtf8(linkMagic))
    .text("frame")
    .bytes(place.dialerNonce)
    .bytes(place.acceptorNonce)
    .text(place.sender)
    .u64(BigInt(place.count))
    .u8(linkFrameKinds[frame.kind])
    .finish();
  return concatBytes([head, frame.payload]);
}

function readGreeting(reader: FieldReader): LinkGreeting | undefined {
  const version = reader.u8();
  const from = reader.text();
  const to = reader.text();
  const incarnation = reader.u64();
  const nonce = reader.bytes(linkNonceBytes);
  if (reader.broken || !isNodeName(from) || !isNodeName(to)) return undefined;
  return { version, from, to, incarnation, nonce };
}
