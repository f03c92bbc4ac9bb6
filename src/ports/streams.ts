/**
 * TCP streams between daemons. Each has a number: that of a dialled one is odd and chosen by the caller, that of
 * an accepted one is even and chosen here.
 */
export type Streams = {
  /** Accepts streams on all addresses. Rejects with a UserError when the port is in use (HF3043) or may not be opened (HF3042). */
  listen(port: number): Promise<void>;
  dial(connection: number, to: { readonly address: string; readonly port: number }): void;
  /** In order; buffered without a copy until the other side takes it. A stream that buffers too much is closed. */
  write(connection: number, parts: readonly Uint8Array[]): void;
  /** At once; nothing is told of this stream any more. What was written may or may not arrive. */
  close(connection: number): void;
  /** Closes all, and accepts no more. */
  stop(): Promise<void>;
};

export type StreamListener = {
  accepted(connection: number, address: string): void;
  connected(connection: number): void;
  bytes(connection: number, bytes: Uint8Array): void;
  /** Once for each stream that was accepted or dialled, unless it was closed by close() or stop(). */
  closed(connection: number, why: string): void;
};
