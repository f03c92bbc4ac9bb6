/** One end of a stream. Bytes arrive in order, in one or more pieces, or not at all when the stream breaks. */
import { present } from "../../src/base/assert.ts";
import { Queue } from "../../src/base/queue.ts";
import type { SimClock } from "./sim-clock.ts";

/** What a stream needs to know of the network. */
export type StreamPath = {
  isUp(from: string, to: string): boolean;
  isPowered(address: string): boolean;
  delayMs(from: string, to: string): number;
  cutAt(length: number): number;
  forget(address: string, stream: SimStream): void;
};

export type StreamUser = {
  readonly onData: (bytes: Uint8Array) => void;
  readonly onClosed: (reason: string) => void;
};

/** Bytes that the other end has not got yet; more is not "sent" (a socket's send buffer). */
const sendBufferBytes = 256 * 1024;

type Segment =
  | {
      readonly kind: "bytes";
      readonly bytes: Uint8Array;
      readonly onSent: (() => void) | undefined;
    }
  | { readonly kind: "end"; readonly reason: string }
  /** What comes after this waits until the stream is told to go on. */
  | { readonly kind: "hold" };

type Arrival = Exclude<Segment, { readonly kind: "hold" }>;

export class SimStream {
  readonly from: string;
  readonly to: string;
  readonly #clock: SimClock;
  readonly #path: StreamPath;
  #other: SimStream | undefined;
  #user: StreamUser | undefined;
  /** Came before there was a user. */
  readonly #early: Arrival[] = [];
  readonly #outgoing = new Queue<Segment>();
  #outgoingBytes = 0;
  #delivering = false;
  /** Held up by a fault of its own, whatever the link does. */
  #stalled = false;
  /** Nothing more is sent: closed, or the process is gone. */
  #over = false;
  /** This end's host has lost power. */
  #gone = false;

  constructor(
    clock: SimClock,
    path: StreamPath,
    ends: { readonly from: string; readonly to: string },
  ) {
    this.#clock = clock;
    this.#path = path;
    this.from = ends.from;
    this.to = ends.to;
  }

  join(other: SimStream): void {
    this.#other = other;
    other.#other = this;
  }

  /** Who hears of data and of the end. */
  use(user: StreamUser): void {
    this.#user = user;
    for (const segment of this.#early.splice(0)) this.#take(segment);
  }

  /** `onSent`: the operating system has taken it. */
  send(bytes: Uint8Array, onSent?: () => void): void {
    if (this.#over) return;
    this.#outgoingBytes += bytes.length;
    const room = this.#outgoingBytes <= sendBufferBytes;
    if (room && onSent !== undefined) this.#clock.after(0, onSent);
    this.#outgoing.push({ kind: "bytes", bytes, onSent: room ? undefined : onSent });
    this.#deliver();
  }

  /** What was sent before still goes out. The user hears nothing more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#user = undefined;
    this.#outgoing.push({ kind: "end", reason: "closed by the peer" });
    this.#path.forget(this.from, this);
    this.#deliver();
  }

  /** The process is gone; with `lossy` what has not arrived is lost (a reset). */
  abandon(lossy: boolean): void {
    if (lossy) this.#outgoing.clear();
    this.close();
  }

  /** The host has lost power: silence. */
  vanish(): void {
    this.#over = true;
    this.#gone = true;
    this.#user = undefined;
    this.#outgoing.clear();
  }

  /** Both ends learn that it is broken; what was under way is lost. */
  breakOff(): void {
    for (const end of [this, this.#other]) {
      if (end === undefined || end.#over) continue;
      end.#outgoing.clear();
      const user = end.#user;
      end.#over = true;
      end.#user = undefined;
      this.#path.forget(end.from, end);
      this.#clock.after(0.1, () => user?.onClosed("connection reset"));
    }
  }

  /** Holds up what this end sends, or lets it go on. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    this.#deliver();
  }

  /** Holds up what this end sends from here on; what was sent before still arrives. */
  hold(): void {
    if (!this.#over) this.#outgoing.push({ kind: "hold" });
  }

  /** The link may be up again. */
  resume(): void {
    this.#deliver();
  }

  #deliver(): void {
    if (this.#delivering || this.#outgoing.size === 0 || this.#stalled) return;
    // Bytes arrive also when no acknowledgement comes back.
    if (!this.#path.isUp(this.from, this.to)) return;
    this.#delivering = true;
    this.#clock.after(this.#path.delayMs(this.from, this.to), () => {
      this.#delivering = false;
      if (!this.#path.isUp(this.from, this.to) || this.#stalled) return;
      const other = present(this.#other, "the other end");
      if (other.#gone) {
        this.#meetSilence();
        return;
      }
      // All that is under way arrives together, as it does on a fast network.
      for (
        let segment = this.#outgoing.shift();
        segment !== undefined;
        segment = this.#outgoing.shift()
      ) {
        if (segment.kind === "hold") {
          this.#stalled = true;
          return;
        }
        if (segment.kind === "bytes") {
          this.#outgoingBytes -= segment.bytes.length;
          segment.onSent?.();
        }
        other.#take(segment);
      }
    });
  }

  /** The other host lost power since: it says nothing, or, being back, that it knows of no such stream. */
  #meetSilence(): void {
    if (!this.#path.isPowered(this.to)) {
      this.#clock.after(200, () => this.#deliver());
      return;
    }
    const user = this.#user;
    this.vanish();
    this.#path.forget(this.from, this);
    user?.onClosed("connection reset");
  }

  #take(segment: Arrival): void {
    if (this.#user === undefined) {
      if (!this.#over) this.#early.push(segment);
      return;
    }
    if (segment.kind === "end") {
      const user = this.#user;
      this.#over = true;
      this.#user = undefined;
      this.#path.forget(this.from, this);
      user.onClosed(segment.reason);
      return;
    }
    const { bytes } = segment;
    const cut = this.#path.cutAt(bytes.length);
    if (cut === 0) {
      this.#user.onData(bytes);
      return;
    }
    this.#user.onData(bytes.slice(0, cut));
    // The first piece may have ended the stream.
    (this.#user as StreamUser | undefined)?.onData(bytes.slice(cut));
  }
}
