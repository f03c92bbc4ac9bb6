/** A connection that carries bytes both ways, made for many small messages and large payloads at the same time. */

export type StreamOwner = {
  /** Where the next bytes go; never empty. Not touched by the owner until received() or closed(). */
  receiveInto(): Uint8Array;
  /** So many bytes are at the beginning of what receiveInto() returned last. */
  received(lengthBytes: number): void;
  /** Some of what was queued has left. */
  progressed(): void;
  /** Once, whoever ended the connection; `reason` is empty when one of the sides just closed it. */
  closed(reason: string): void;
};

export type ByteStream = {
  /** Bytes given to send() that the kernel has not taken yet. */
  readonly queuedBytes: number;
  /** Nothing is read before. */
  start(): void;
  /** What comes waits with the kernel, which makes the other side wait; what is on its way to the owner still arrives. */
  pauseReading(): void;
  resumeReading(): void;
  /** The bytes leave by the next flush(), after all before them; they must not change until they are sent. */
  send(part: Uint8Array): void;
  flush(): void;
  /** Closes the connection at once. */
  destroy(reason?: string): void;
};

/** Hands bytes that are in memory already to an owner that names where it wants them. */
export function giveTo(owner: StreamOwner, bytes: Uint8Array, isOpen: () => boolean): void {
  for (let at = 0; at < bytes.length && isOpen(); ) {
    const space = owner.receiveInto();
    const part = bytes.subarray(at, at + space.length);
    space.set(part);
    at += part.length;
    owner.received(part.length);
  }
}
