/**
 * The backing devices of a resource's volumes, and the storage effects of its machine. The machine names them by
 * volume and by what is on them; with internal metadata both are the same device. Effects are begun in their order, after
 * what the same turn sends.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { Queue } from "../../base/queue.ts";
import type { StorageEffect } from "../../core/replication/effects.ts";
import type { DiskDone, DrbdEvent } from "../../core/replication/events.ts";
import type { LentMemory } from "../../host/stream/lent-memory.ts";
import type { Store, StoreError } from "../../ports/store.ts";
import type { Turn } from "./turn.ts";

export type VolumeStores = { readonly data: Store; readonly meta: Store };

export class BackingDevices {
  readonly #turn: Turn;
  readonly #post: (event: DrbdEvent) => void;
  readonly #onWritten: (bytes: Uint8Array) => void;
  readonly #forPeer: LentMemory;
  readonly #stores = new Map<number, VolumeStores>();
  /** Those who wait for a volume's devices to be closed. */
  readonly #closing = new Map<number, ((error?: StoreError) => void)[]>();
  readonly #waiting: Queue<StorageEffect> = new Queue();

  /**
   * @param onWritten is told which bytes are written: those of a payload of the peer's are not looked at any more.
   * @param forPeer what is read for the peer lies in it, lent until it is sent.
   */
  constructor(
    turn: Turn,
    post: (event: DrbdEvent) => void,
    onWritten: (bytes: Uint8Array) => void,
    forPeer: LentMemory,
  ) {
    this.#turn = turn;
    this.#post = post;
    this.#onWritten = onWritten;
    this.#forPeer = forPeer;
  }

  open(volume: number, stores: VolumeStores): void {
    assert(!this.#stores.has(volume), "a volume has one backing device");
    this.#stores.set(volume, stores);
  }

  has(volume: number): boolean {
    return this.#stores.has(volume);
  }

  data(volume: number): Store | undefined {
    return this.#stores.get(volume)?.data;
  }

  /**
   * Nothing is asked of the volume's devices any more. Errors of closing are told to `done`, not to the machine. Who
   * asks while it is being closed already, waits for that: the machine asks for it, and then who had it detached.
   */
  close(volume: number, done: (error?: StoreError) => void): void {
    this.#beginWaiting();
    const waiting = this.#closing.get(volume);
    if (waiting !== undefined) {
      waiting.push(done);
      return;
    }
    const stores = this.#stores.get(volume);
    if (stores === undefined) {
      done();
      return;
    }
    this.#stores.delete(volume);
    const told = [done];
    this.#closing.set(volume, told);
    const closed = (error?: StoreError): void => {
      this.#closing.delete(volume);
      for (const tell of told) tell(error);
    };
    stores.data.close((error) => {
      if (stores.meta === stores.data) closed(error);
      else stores.meta.close((metaError) => closed(error ?? metaError));
    });
  }

  get volumes(): readonly number[] {
    return [...this.#stores.keys()];
  }

  perform(effect: StorageEffect): void {
    if (this.#waiting.size === 0) this.#turn.afterEnd(() => this.#beginWaiting());
    this.#waiting.push(effect);
  }

  /** Only those that wait now: what their ends lead to may be sent before the next. */
  #beginWaiting(): void {
    for (let count = this.#waiting.size; count > 0; count--) {
      const effect = this.#waiting.shift();
      if (effect !== undefined) this.#begin(effect);
    }
    if (this.#waiting.size > 0) this.#turn.afterEnd(() => this.#beginWaiting());
  }

  #begin(effect: StorageEffect): void {
    const stores = this.#stores.get(effect.volume);
    assert(stores !== undefined, `volume ${effect.volume} has a backing device`);
    const { token } = effect;
    if (effect.kind === "disk-size") {
      this.#end({ kind: "disk-done", token, ...measured(stores) });
      return;
    }
    const store = stores[effect.device];
    switch (effect.kind) {
      case "disk-write":
        this.#write(store, effect);
        break;
      case "disk-read":
        this.#read(store, effect);
        break;
      case "disk-flush":
        store.flush(this.#done(token));
        break;
      case "disk-zero": {
        const { offset, length: lengthBytes, mayUnmap } = effect;
        const done = this.#done(token);
        store.zero({ offset, lengthBytes, mayUnmap }, (error) => {
          if (error === undefined && effect.durable) store.flush(done);
          else done(error);
        });
        break;
      }
      case "disk-allocation":
        store.allocation(effect.offset, effect.length, (error, found) => {
          const extents = found.map((one) => ({
            offset: one.offset,
            length: one.lengthBytes,
            hole: one.hole,
          }));
          this.#end({ kind: "disk-done", token, extents, ...errorOf(error) });
        });
        break;
      default:
        unreachable(effect);
    }
  }

  #read(store: Store, effect: Extract<StorageEffect, { kind: "disk-read" }>): void {
    const { token, offset, length } = effect;
    if (effect.forPeer !== true) {
      const bytes = Buffer.allocUnsafeSlow(length);
      store.read(offset, bytes, this.#done(token, bytes));
      return;
    }
    const bytes = this.#forPeer.take(length);
    const done = this.#done(token, bytes);
    store.read(offset, bytes, (error) => {
      if (error === undefined) this.#forPeer.lend(bytes);
      this.#forPeer.leave(bytes);
      done(error);
    });
  }

  #write(store: Store, effect: Extract<StorageEffect, { kind: "disk-write" }>): void {
    const { token, offset, bytes } = effect;
    const done = (error?: StoreError): void => {
      // What was not written may be looked at again.
      if (error === undefined) this.#onWritten(bytes);
      this.#end({ kind: "disk-done", token, ...errorOf(error) });
    };
    if (effect.durable) store.writeDurably(offset, bytes, done);
    else store.write(offset, bytes, done);
  }

  #done(token: number, bytes?: Uint8Array): (error?: StoreError) => void {
    return (error) => {
      if (error !== undefined) this.#end({ kind: "disk-done", token, error: error.code });
      else if (bytes === undefined) this.#end({ kind: "disk-done", token });
      else this.#end({ kind: "disk-done", token, bytes });
    };
  }

  #end(event: DrbdEvent): void {
    this.#turn.run(() => this.#post(event));
  }
}

function measured({ data, meta }: VolumeStores): Pick<DiskDone, "sizes" | "error"> {
  try {
    return { sizes: { dataBytes: data.measure(), metaBytes: meta.measure() } };
  } catch (cause) {
    return { error: (cause as NodeJS.ErrnoException).code ?? "EIO" };
  }
}

function errorOf(error: StoreError | undefined): { readonly error?: string } {
  return error === undefined ? {} : { error: error.code };
}
