/**
 * The backing device of a volume. Callbacks rather than promises: this is the path of every write.
 * An operation may call `done` before it returns. Writes that overlap in time and place may end in either
 * order: the caller serialises them. Offsets and lengths are bytes within the size; multiples of 512.
 */
export type Store = {
  readonly sizeBytes: number;
  /** Fills `into` from `offset`. */
  read(offset: number, into: Uint8Array, done: StoreDone): void;
  /** Writes into the operating system's cache: it survives this process, not a power cut, until a flush. */
  write(offset: number, bytes: Uint8Array, done: StoreDone): void;
  /** When done, all writes that were done before the call are on stable storage. */
  flush(done: StoreDone): void;
  /** Makes the range read as zeros, giving its space back where it can. */
  zero(offset: number, lengthBytes: number, done: StoreDone): void;
  /** Which parts of the range were never written or are holes: they read as zeros. In order, without gaps. */
  allocation(
    offset: number,
    lengthBytes: number,
    done: (error: StoreError | undefined, extents: readonly Extent[]) => void,
  ): void;
  close(done: StoreDone): void;
};

export type StoreDone = (error?: StoreError) => void;

/** `code` as the operating system names it: EIO, ENOSPC … */
export type StoreError = { readonly code: string; readonly message: string };

export type Extent = {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly hole: boolean;
};
