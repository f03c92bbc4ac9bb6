/**
 * The backing device of a volume. Callbacks rather than promises: this is the path of every write.
 * An operation may call `done` before it returns. Writes that overlap in time and place may end in either
 * order: the caller serialises them. Offsets and lengths are bytes within the size; multiples of 512.
 */
export type Store = {
  readonly sizeBytes: number;
  /** The device's size at this moment. What it has grown by is within the size from then on; `sizeBytes` never shrinks. */
  measure(): number;
  /** Fills `into` from `offset`. */
  read(offset: number, into: Uint8Array, done: StoreDone): void;
  /** Writes into the operating system's cache: it survives this process, not a power cut, until a flush. */
  write(offset: number, bytes: Uint8Array, done: StoreDone): void;
  /** Writes, and is done when these bytes are on stable storage. Says nothing about other writes. */
  writeDurably(offset: number, bytes: Uint8Array, done: StoreDone): void;
  /**
   * When done, all writes that were done before the call are on stable storage. Once a flush has failed, all
   * later ones fail: what the operating system may have dropped, no later flush brings back.
   */
  flush(done: StoreDone): void;
  /** Makes the range read as zeros; with `mayUnmap` its space is given back where that can be done. */
  zero(range: ZeroRange, done: StoreDone): void;
  /** Which parts of the range were never written or are holes: they read as zeros. In order, without gaps. */
  allocation(
    offset: number,
    lengthBytes: number,
    done: (error: StoreError | undefined, extents: readonly Extent[]) => void,
  ): void;
  /** What was begun is finished first; nothing may be begun afterwards. */
  close(done: StoreDone): void;
};

export type ZeroRange = {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly mayUnmap: boolean;
};

export type StoreDone = (error?: StoreError) => void;

/** `code` as the operating system names it: EIO, ENOSPC … */
export type StoreError = { readonly code: string; readonly message: string };

export type Extent = {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly hole: boolean;
};
