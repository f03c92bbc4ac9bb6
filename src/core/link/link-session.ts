/**
 * One stream's conversation: who is at the other end, proven by the cluster's key (link-handshake.ts), then signed
 * frames in order. It decides nothing about members; it says who the other is and what was said.
 */
import { assert, present, unreachable } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Keyring } from "../../formats/cluster-packet/keyring.ts";
import {
  frameBytesMax,
  frameParts,
  handshakeFrameBytesMax,
  type LinkFrame,
  type LinkFrameKind,
} from "../../formats/cluster-packet/link-frame.ts";
import {
  decodeHello,
  decodeSigned,
  decodeSignedFrame,
  decodeWelcome,
  encodeFrameSignature,
  encodeGreeting,
  encodeSigned,
  frameText,
  handshakeText,
  type LinkGreeting,
  linkVersion,
  type Signed,
} from "../../formats/cluster-packet/link-handshake.ts";
import type { LinkFault } from "./types.ts";

export type SessionOptions = {
  readonly role: "dialer" | "acceptor";
  readonly self: { readonly name: string; readonly incarnation: bigint };
  /** Whom we dial; an acceptor learns it. */
  readonly peer: string | undefined;
  readonly nonce: Uint8Array;
  isNode(name: string): boolean;
  /** The keys of the moment: they can change while the stream lives. */
  keyring(): Keyring;
};

/** What a frame led to. */
export type SessionStep =
  | { readonly kind: "reply"; readonly parts: readonly Uint8Array[] }
  /** The other end holds the key and is of the present. */
  | { readonly kind: "proven"; readonly parts: readonly Uint8Array[] }
  | { readonly kind: "ready" }
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  | { readonly kind: "ping" };

/** hello: the acceptor waits for it. welcome, ready: the dialer. confirm: the acceptor. admit: it waits for us. */
type Phase = "hello" | "welcome" | "confirm" | "admit" | "ready" | "open";

export class LinkSession {
  readonly #options: SessionOptions;
  #phase: Phase;
  #hello: Uint8Array | undefined;
  #welcome: Uint8Array | undefined;
  #other: LinkGreeting | undefined;
  #sentFrames = 0;
  #heardFrames = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#phase = options.role === "dialer" ? "welcome" : "hello";
  }

  /** Name and incarnation that the other end claims; proven from the step "proven" on. */
  get other(): LinkGreeting | undefined {
    return this.#other;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  /** A proven dialer waits for us to take it for a member. */
  get awaitsAdmission(): boolean {
    return this.#phase === "admit";
  }

  get frameBytesMax(): number {
    const proven = this.#phase === "open" || this.#phase === "ready" || this.#phase === "admit";
    return proven ? frameBytesMax : handshakeFrameBytesMax;
  }

  /** The dialer's first words. */
  hello(): readonly Uint8Array[] {
    assert(this.#options.role === "dialer", "the dialer says hello");
    this.#hello = encodeGreeting(this.#greeting(present(this.#options.peer, "whom we dial")));
    return frameParts("hello", [this.#hello]);
  }

  /** The acceptor takes the proven dialer for a member: both may send messages from now on. */
  admit(): readonly Uint8Array[] {
    assert(this.#phase === "admit", "a proven dialer waits to be admitted");
    this.#phase = "open";
    return this.#signedFrame("ready", new Uint8Array(0));
  }

  message(bytes: Uint8Array): readonly Uint8Array[] {
    assert(this.#phase === "open", "messages go over an open link");
    return this.#signedFrame("message", bytes);
  }

  ping(): readonly Uint8Array[] {
    assert(this.#phase === "open", "pings go over an open link");
    return this.#signedFrame("ping", new Uint8Array(0));
  }

  /** The next frame of the stream. A fault ends it. */
  receive(frame: LinkFrame): Result<SessionStep, LinkFault> {
    switch (frame.kind) {
      case "hello":
        return this.#phase === "hello" ? this.#onHello(frame.body) : err("unexpected");
      case "welcome":
        return this.#phase === "welcome" ? this.#onWelcome(frame.body) : err("unexpected");
      case "confirm":
        return this.#phase === "confirm" ? this.#onConfirm(frame.body) : err("unexpected");
      case "ready":
      case "message":
      case "ping":
        return this.#onSigned(frame);
      default:
        return unreachable(frame.kind);
    }
  }

  #onHello(body: Uint8Array): Result<SessionStep, LinkFault> {
    const hello = decodeHello(body);
    if (hello === undefined) return err("malformed");
    const fault = this.#faultOf(hello);
    if (fault !== undefined) return err(fault);
    this.#other = hello;
    this.#hello = body;
    this.#welcome = encodeGreeting(this.#greeting(hello.from));
    this.#phase = "confirm";
    const signed = this.#sign(handshakeText("welcome", this.#hello, this.#welcome));
    const parts = frameParts("welcome", [this.#welcome, encodeSigned(signed)]);
    return ok({ kind: "reply", parts });
  }

  #onWelcome(body: Uint8Array): Result<SessionStep, LinkFault> {
    const welcome = decodeWelcome(body);
    if (welcome === undefined) return err("malformed");
    const fault = this.#faultOf(welcome.greeting);
    if (fault !== undefined) return err(fault);
    const hello = present(this.#hello, "the hello that was sent");
    const unproven = this.#verify(handshakeText("welcome", hello, welcome.bytes), welcome.signed);
    if (unproven !== undefined) return err(unproven);
    this.#other = welcome.greeting;
    this.#welcome = welcome.bytes;
    this.#phase = "ready";
    const signed = this.#sign(handshakeText("confirm", hello, welcome.bytes));
    return ok({ kind: "proven", parts: frameParts("confirm", [encodeSigned(signed)]) });
  }

  #onConfirm(body: Uint8Array): Result<SessionStep, LinkFault> {
    const signed = decodeSigned(body);
    if (signed === undefined) return err("malformed");
    const hello = present(this.#hello, "the hello that was heard");
    const welcome = present(this.#welcome, "the welcome that was sent");
    const unproven = this.#verify(handshakeText("confirm", hello, welcome), signed);
    if (unproven !== undefined) return err(unproven);
    this.#phase = "admit";
    return ok({ kind: "proven", parts: [] });
  }

  #onSigned(frame: LinkFrame): Result<SessionStep, LinkFault> {
    const expected = frame.kind === "ready" ? "ready" : "open";
    if (this.#phase !== expected) return err("unexpected");
    const decoded = decodeSignedFrame(frame.body);
    if (decoded === undefined) return err("malformed");
    const { payload, signed } = decoded;
    const sender = this.#options.role === "dialer" ? "acceptor" : "dialer";
    const text = this.#textOf({ kind: frame.kind, payload }, sender, this.#heardFrames++);
    const unproven = this.#verify(text, signed);
    if (unproven !== undefined) return err(unproven);
    if (frame.kind === "message") return ok({ kind: "message", bytes: payload });
    if (frame.kind === "ping") return ok({ kind: "ping" });
    this.#phase = "open";
    return ok({ kind: "ready" });
  }

  #faultOf(greeting: LinkGreeting): LinkFault | undefined {
    const { peer, self, isNode } = this.#options;
    if (greeting.version !== linkVersion) return "other-version";
    if (greeting.to !== self.name || greeting.from === self.name) return "not-for-us";
    if (!isNode(greeting.from)) return "unknown-node";
    return peer !== undefined && greeting.from !== peer ? "not-for-us" : undefined;
  }

  #greeting(to: string): LinkGreeting {
    const { self, nonce } = this.#options;
    return { version: linkVersion, from: self.name, to, incarnation: self.incarnation, nonce };
  }

  #signedFrame(kind: LinkFrameKind, payload: Uint8Array): readonly Uint8Array[] {
    const text = this.#textOf({ kind, payload }, this.#options.role, this.#sentFrames++);
    return frameParts(kind, [encodeFrameSignature(this.#sign(text)), payload]);
  }

  #textOf(
    frame: { readonly kind: LinkFrameKind; readonly payload: Uint8Array },
    sender: "dialer" | "acceptor",
    count: number,
  ): Uint8Array {
    const { role, nonce } = this.#options;
    const otherNonce = present(this.#other, "the other end's greeting").nonce;
    const [dialerNonce, acceptorNonce] =
      role === "dialer" ? [nonce, otherNonce] : [otherNonce, nonce];
    return frameText(frame, { dialerNonce, acceptorNonce, sender, count });
  }

  #sign(text: Uint8Array): Signed {
    const keyring = this.#options.keyring();
    return { key: keyring.signingKey, signature: keyring.sign(text) };
  }

  #verify(text: Uint8Array, { key, signature }: Signed): LinkFault | undefined {
    const keyring = this.#options.keyring();
    if (!keyring.knows(key)) return "unknown-key";
    return keyring.verify(key, text, signature) ? undefined : "bad-signature";
  }
}
