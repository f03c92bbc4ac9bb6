/** Who uses the volume: writes with a content of their own, flushes, reads and checks what comes. */
import type { Prng } from "../../src/base/prng.ts";
import type { SimClock } from "../kernel/sim-clock.ts";
import { simSectorBytes } from "../kernel/sim-disk.ts";
import type { IoOutcome, SimNode } from "./sim-node.ts";
import { sectorsOf, type WriteHistory, type WriteRecord } from "./write-history.ts";

export type GuestWatcher = {
  onAcknowledged(node: SimNode, record: WriteRecord): void;
  /** A flush, or a write with FUA, is answered: what was acknowledged before it is stable. */
  onFlushed(node: SimNode): void;
  violation(message: string): void;
};

export type GuestShape = {
  readonly volumeBytes: number;
  /** Requests under way at most. */
  readonly depth: number;
  /** Mean pause between requests, in ms. */
  readonly pauseMs: number;
  /** How large a write may be. */
  readonly writeBytesMax: number;
};

export class Guest {
  readonly node: SimNode;
  readonly #clock: SimClock;
  readonly #prng: Prng;
  readonly #history: WriteHistory;
  readonly #watcher: GuestWatcher;
  readonly #shape: GuestShape;
  readonly #writing = new Set<WriteRecord>();
  #pending = 0;
  #alive = true;
  #stopping: (() => void) | undefined;

  constructor(
    node: SimNode,
    world: { readonly clock: SimClock; readonly prng: Prng },
    history: WriteHistory,
    options: { readonly watcher: GuestWatcher; readonly shape: GuestShape },
  ) {
    this.node = node;
    this.#clock = world.clock;
    this.#prng = world.prng;
    this.#history = history;
    this.#watcher = options.watcher;
    this.#shape = options.shape;
  }

  start(): void {
    this.node.event({ kind: "device-opened", volume: 0 });
    this.#schedule();
  }

  /** Nothing new; `done` when all is answered and the device is closed. */
  stop(done: () => void): void {
    this.#stopping = done;
    this.#endIfIdle();
  }

  /** The guest is gone: nobody hears the answers. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const record of this.#writing) this.#history.giveUp(record);
    this.#writing.clear();
    if (this.node.running) this.node.event({ kind: "device-released", volume: 0 });
  }

  #schedule(): void {
    const pause = (this.#shape.pauseMs * this.#prng.below(2000)) / 1000;
    this.#clock.after(pause, () => {
      if (!this.#alive || this.#stopping !== undefined || !this.node.running) return;
      if (this.#pending < this.#shape.depth) this.#act();
      if (this.#alive) this.#schedule();
    });
  }

  #act(): void {
    const dice = this.#prng.below(100);
    if (dice < 55) this.#write(false);
    else if (dice < 62) this.#write(true);
    else if (dice < 70) this.#zero();
    else if (dice < 80) this.#flush();
    else this.#read();
  }

  #write(fua: boolean): void {
    const range = this.#range(this.#shape.writeBytesMax);
    if (this.#overlapsOwn(range) && this.#prng.chance(0.7)) return;
    const record = this.#history.issue(range.offset, range.length, false);
    const bytes = this.#history.contentOf(record);
    this.#submit(record, fua, (id) => ({
      kind: "write",
      id,
      volume: 0,
      offset: range.offset,
      bytes,
      fua,
    }));
  }

  #zero(): void {
    const range = this.#range(this.#prng.chance(0.1) ? 6 * 1024 * 1024 : 64 * 1024);
    if (this.#overlapsOwn(range)) return;
    const record = this.#history.issue(range.offset, range.length, true);
    const kind = this.#prng.chance(0.5) ? "discard" : "write-zeroes";
    const mayUnmap = this.#prng.chance(0.5);
    this.#submit(record, false, (id) => ({
      kind,
      id,
      volume: 0,
      ...range,
      mayUnmap,
      fua: false,
    }));
  }

  #submit(record: WriteRecord, fua: boolean, request: Parameters<SimNode["io"]>[0]): void {
    this.#pending++;
    this.#writing.add(record);
    const what = `${record.zero ? "zero" : "write"} ${record.id} at ${record.offset} ${record.length}`;
    this.node.trace(`guest ${what}`);
    this.node.io(request, (outcome) => {
      this.node.trace(`guest ${what} ${outcome.error ?? "acknowledged"}`);
      this.#writing.delete(record);
      if (!this.#ended()) return;
      if (outcome.error === undefined) {
        this.#history.acknowledge(record);
        this.#watcher.onAcknowledged(this.node, record);
        if (fua) {
          this.#history.makeStable(record);
          this.#watcher.onFlushed(this.node);
        }
      } else {
        this.#history.giveUp(record);
      }
      this.#endIfIdle();
    });
  }

  #flush(): void {
    const mark = this.#history.mark();
    this.#pending++;
    this.node.io(
      (id) => ({ kind: "flush", id, volume: 0 }),
      (outcome) => {
        if (!this.#ended()) return;
        if (outcome.error === undefined) {
          this.#history.acknowledgeFlush(mark);
          this.#watcher.onFlushed(this.node);
        }
        this.#endIfIdle();
      },
    );
  }

  #read(): void {
    const range = this.#range(64 * 1024);
    // What is being written may be read half.
    if (this.#overlapsOwn(range)) return;
    const mark = this.#history.mark();
    this.#pending++;
    this.node.io(
      (id) => ({ kind: "read", id, volume: 0, ...range }),
      (outcome) => {
        if (!this.#ended()) return;
        this.#judgeRead(range, mark, outcome);
        this.#endIfIdle();
      },
    );
  }

  #judgeRead(
    range: { readonly offset: number; readonly length: number },
    mark: number,
    outcome: IoOutcome,
  ): void {
    const { bytes } = outcome;
    if (bytes === undefined) return;
    for (const [i, sector] of sectorsOf(range).entries()) {
      // What changed meanwhile may be seen or not.
      if (this.#history.touchedSince(sector, mark)) continue;
      const content = bytes.subarray(i * simSectorBytes, (i + 1) * simSectorBytes);
      const fault = this.#history.judge(sector, content);
      if (fault !== undefined) this.#watcher.violation(`a read on ${this.node.name}: ${fault}`);
    }
  }

  #ended(): boolean {
    this.#pending--;
    return this.#alive;
  }

  #endIfIdle(): void {
    if (this.#stopping === undefined || this.#pending > 0 || !this.#alive) return;
    this.#alive = false;
    this.node.event({ kind: "device-released", volume: 0 });
    this.#stopping();
  }

  /** Mostly small and in a few places, sometimes anywhere, aligned to sectors or to blocks. */
  #range(bytesMax: number): { readonly offset: number; readonly length: number } {
    const { volumeBytes } = this.#shape;
    const unit = this.#prng.chance(0.8) ? 4096 : simSectorBytes;
    const small = bytesMax > 1024 * 1024 ? 0.97 : 0.8;
    const most = this.#prng.chance(small) ? 4 : Math.max(1, Math.floor(bytesMax / unit));
    const length = unit * this.#prng.between(1, most);
    const hot = this.#prng.chance(0.6);
    const units = Math.floor((volumeBytes - length) / unit);
    const place = hot ? this.#hotPlace(unit) : this.#prng.below(units + 1);
    return { offset: Math.min(place, units) * unit, length };
  }

  #hotPlace(unit: number): number {
    const spot = this.#prng.below(3) * Math.floor(this.#shape.volumeBytes / 3);
    return Math.floor((spot + this.#prng.below(256 * 1024)) / unit);
  }

  #overlapsOwn(range: { readonly offset: number; readonly length: number }): boolean {
    for (const record of this.#writing) {
      const apart =
        record.offset + record.length <= range.offset ||
        range.offset + range.length <= record.offset;
      if (!apart) return true;
    }
    return false;
  }
}
