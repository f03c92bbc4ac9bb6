/**
 * What those who use a volume may ask of it, and the answers. Offsets and lengths are bytes, multiples of 512,
 * inside the volume's size; anything else is refused with `invalid`. `id` is the asker's own number, unique among
 * its unanswered requests of the DRBD resource; every request is answered exactly once, in any order.
 *
 * What the answers promise:
 * - a write: it is on both disks' side of the operating system (protocol C), or on the only disk that may become
 *   Primary next. With `fua` it is on stable storage of both.
 * - a flush: every write answered before the flush was asked for is on stable storage of both nodes, or of this
 *   one while no peer is connected. (Stricter than kernel DRBD, which does not wait for the peer here.)
 * - two unanswered requests that overlap may take effect in either order.
 *
 * A write's bytes belong to the machine, and unchanged, until its answer. A read is answered in one of three ways:
 * 1. The cheapest: the shell first asks `DrbdResource.readsLocally(volume, offset, length)`. If that says true it
 *    reads the data device and answers the asker itself, without an event. If its read fails, it hands the request
 *    to the machine as an event after all, with `localReadFailed: true`.
 * 2. A read event whose local copy is good is answered by the effect `io-read`: as in 1, the shell does the rest.
 * 3. Otherwise by `io-reply` with the bytes (the peer's copy), or with an error.
 */
export type IoRequest = ReadRequest | WriteRequest | FlushRequest | ZeroRequest;

export type ReadRequest = {
  readonly kind: "read";
  readonly id: number;
  readonly volume: number;
  readonly offset: number;
  readonly length: number;
  /** The shell tried the local disk and it failed: the machine looks for another copy, and judges the disk. */
  readonly localReadFailed?: boolean;
};

export type WriteRequest = {
  readonly kind: "write";
  readonly id: number;
  readonly volume: number;
  readonly offset: number;
  /** Not changed by anyone until the answer. */
  readonly bytes: Uint8Array;
  /** Force unit access: answered only when this write is on stable storage. */
  readonly fua: boolean;
};

export type FlushRequest = { readonly kind: "flush"; readonly id: number; readonly volume: number };

/**
 * `write-zeroes` makes the range read as zeros, giving its space back only with `mayUnmap`. `discard` says that the
 * content is not needed: it reads as zeros afterwards, here as well.
 */
export type ZeroRequest = {
  readonly kind: "discard" | "write-zeroes";
  readonly id: number;
  readonly volume: number;
  readonly offset: number;
  readonly length: number;
  readonly mayUnmap: boolean;
  readonly fua: boolean;
};

/** `bytes` only for a read that succeeded. */
export type IoReply = {
  readonly kind: "io-reply";
  readonly id: number;
  readonly error?: IoErrorCode;
  readonly bytes?: Uint8Array;
};

/** Read the data device at this place and answer request `id` with the bytes; see point 2 above. */
export type IoRead = {
  readonly kind: "io-read";
  readonly id: number;
  readonly volume: number;
  readonly offset: number;
  readonly length: number;
};

/**
 * - `invalid`: not 512-aligned, empty, outside the volume, or no such volume.
 * - `not-primary`: this node is Secondary; its volumes are not served.
 * - `no-data`: no good copy can be reached (no local disk, no peer).
 * - `io-error`: the disk, or both disks, failed.
 * - `no-space`: the disk is full (a sparse backing file).
 */
export type IoErrorCode = "invalid" | "not-primary" | "no-data" | "io-error" | "no-space";
