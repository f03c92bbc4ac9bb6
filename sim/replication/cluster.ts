/**
 * The part of a cluster manager that the replicated disk relies on, with a knowledge that no real one has: which copies
 * have every acknowledged write. It promotes only such a copy, never two, and lets a frozen node go on only after it
 * has made sure that the other can't. And the checkers of the laws, at every step.
 */
import { assert } from "../../src/base/assert.ts";
import type { FencePeer, Notice } from "../../src/core/replication/effects.ts";
import { sectorBytes } from "../../src/formats/drbd/packet-flags.ts";
import { MdFlag } from "../../src/formats/drbd/superblock.ts";
import { simSectorBytes } from "../kernel/sim-disk.ts";
import { Differences, marksOf } from "./disk-marks.ts";
import { Guest, type GuestShape } from "./guest.ts";
import type { NodeWatcher, SimNode, SimWorld } from "./sim-node.ts";
import { sectorsOf, WriteHistory, type WriteRecord } from "./write-history.ts";

export class SimViolation extends Error {
  override readonly name = "SimViolation";
}

export class Cluster implements NodeWatcher {
  readonly nodes: SimNode[] = [];
  readonly history: WriteHistory = new WriteHistory();
  guest: Guest | undefined;
  /** The copies that have every acknowledged write. */
  readonly whole: Set<SimNode> = new Set();
  /** Nodes that lost unflushed writes in a power cut, which others still have. */
  readonly #lostUnflushed = new Set<SimNode>();
  /** The node whose role is being changed. */
  changing: SimNode | undefined;
  /** Who cuts and restores the power of a node, where its host has other resources' nodes too. */
  power: { cut(node: SimNode): void; restore(node: SimNode): void } = {
    cut: (node) => this.powerCut(node),
    restore: (node) => {
      node.powerOn();
      node.start();
    },
  };
  /** Both nodes are told that both may be Primary. */
  windowOpen = false;
  readonly #world: SimWorld;
  readonly #shape: GuestShape;
  readonly #careful: boolean;
  /** Protocol A or B: the other copy may lack what is acknowledged and was not flushed. */
  readonly #mayLag: boolean;
  #initialised = false;
  #differences: Differences | undefined;

  /** @param careful with fencing: a Primary that loses its peer waits for a verdict. */
  constructor(world: SimWorld, shape: GuestShape, how: { careful: boolean; mayLag?: boolean }) {
    this.#world = world;
    this.#shape = shape;
    this.#careful = how.careful;
    this.#mayLag = how.mayLag === true;
  }

  /** Both copies are equal, and known to be. */
  initialised(): void {
    this.#initialised = true;
    for (const node of this.nodes) this.whole.add(node);
  }

  other(node: SimNode): SimNode {
    const found = this.nodes.find((each) => each !== node);
    assert(found !== undefined, "there are two nodes");
    return found;
  }

  primary(): SimNode | undefined {
    return this.nodes.find((node) => node.status()?.role === "Primary");
  }

  /** Promotes a node, if a sane cluster would, and starts the guest there. */
  promote(node: SimNode): void {
    const other = this.other(node);
    if (
      this.changing !== undefined ||
      this.primary() !== undefined ||
      !node.running ||
      !this.whole.has(node)
    )
      return;
    // Without a disk of its own it would go on from the other's.
    const disk = node.status()?.volumes[0]?.disk;
    if (disk !== "UpToDate" && !this.whole.has(other)) return;
    const together = this.#connected(node) && this.#connected(other);
    if (!together) {
      if (other.running) return;
      if (this.#mayLag) this.#giveUpLag(node);
      // From here on only this copy counts: it may go on alone at any moment.
      this.#onlyWhole(node);
    }
    this.changing = node;
    node.admin({ name: "primary" }, (result) => {
      this.changing = undefined;
      if (!result.ok || !node.running) return;
      // Whatever the protocol: a role that is handed over comes after all that was written.
      if (together && this.whole.has(node)) this.checkContent(node);
      this.startGuest(node);
    });
  }

  startGuest(node: SimNode): void {
    const watcher = {
      onAcknowledged: (on: SimNode, record: WriteRecord) => this.onAcknowledged(on, record),
      onFlushed: (on: SimNode) => this.onFlushed(on),
      violation: (message: string) => this.violation(message),
    };
    const { clock, prng } = this.#world;
    this.guest = new Guest(node, { clock, prng }, this.history, { watcher, shape: this.#shape });
    this.guest.start();
  }

  /** The guest ends in order, and its node becomes Secondary. */
  demote(done: (demoted: SimNode | undefined) => void): void {
    const { guest } = this;
    if (guest === undefined || this.changing !== undefined) {
      done(undefined);
      return;
    }
    const { node } = guest;
    this.changing = node;
    guest.stop(() => {
      if (this.guest === guest) this.guest = undefined;
      node.admin({ name: "secondary" }, (result) => {
        this.changing = undefined;
        done(result.ok ? node : undefined);
      });
    });
  }

  crash(node: SimNode): void {
    this.#guestDies(node);
    node.crash();
    this.checkCoverage();
  }

  powerCut(node: SimNode): void {
    this.#guestDies(node);
    if (this.history.hasUnstable) {
      if (this.whole.has(node) && this.whole.size === 1) {
        this.history.doubtUnstable();
      } else {
        this.whole.delete(node);
        this.#lostUnflushed.add(node);
      }
    }
    node.powerCut();
    this.checkCoverage();
  }

  onNotice(node: SimNode, notice: Notice): void {
    if (!this.#initialised) return;
    if (notice.code === "new-current-uuid" && !this.#careful && this.whole.has(node)) {
      // Without fencing nobody asks: from here on this node may acknowledge alone.
      this.#onlyWhole(node);
    }
    if (notice.code === "resync-began" && notice.message.includes("SyncTarget"))
      this.#onTarget(node);
  }

  onFencePeer(node: SimNode, effect: FencePeer): void {
    const verdict = (exitCode: number): void =>
      node.event({ kind: "fence-verdict", request: effect.request, exitCode });
    const { clock, prng } = this.#world;
    clock.after(prng.below(3000), () => {
      if (!node.running) return;
      const other = this.other(node);
      if (!this.whole.has(node) || (this.changing !== undefined && this.changing !== node)) {
        verdict(1);
        return;
      }
      // Shot: it can't go on, and comes back as one that has to ask.
      if (other.powered) {
        this.power.cut(other);
        clock.after(1000 + prng.below(5000), () => {
          if (!other.powered) this.power.restore(other);
        });
      }
      this.#onlyWhole(node);
      verdict(7);
    });
  }

  onEvent(node: SimNode): void {
    if (!this.#initialised) return;
    this.#checkRoles(node);
    if (this.whole.size < 2) this.#maybeGrow();
  }

  /** Law 2: an acknowledged write is on every copy that may be gone on from. */
  onAcknowledged(node: SimNode, record: WriteRecord): void {
    if (this.whole.size === 0) this.violation(`${node.name} acknowledged without a whole copy`);
    for (const each of [...this.whole]) {
      const fault = this.#faultOf(each, sectorsOf(record));
      if (fault === undefined) continue;
      if (each === node) this.#onOwnCopyLacks(node, fault);
      else if (!this.#mayLag) this.#onOtherCopyLacks(node, each, fault);
    }
    if (this.whole.size === 0) this.violation(`write ${record.id} is on no copy that counts`);
  }

  /** The same of what was flushed, where a write alone promises less: a flush waits for the peer in every protocol. */
  onFlushed(node: SimNode): void {
    if (!this.#mayLag) return;
    for (const each of [...this.whole]) {
      if (each === node) continue;
      const fault = this.#faultOf(each, this.history.sectors(), "stable");
      if (fault !== undefined) this.#onOtherCopyLacks(node, each, fault);
    }
  }

  /** Every block that differs is marked, on one disk or the other, as they would be found after a power cut. */
  checkCoverage(): void {
    if (!this.#initialised) return;
    const differing = this.differingBlocks();
    if (differing.length === 0) return;
    const [a, b] = this.nodes.map((node) => marksOf(node.disk));
    if (a === undefined || b === undefined) {
      this.violation("metadata are unreadable");
      return;
    }
    for (const block of differing) {
      if (!a.marks(block) && !b.marks(block)) {
        this.violation(`block ${block} differs, and neither node knows`);
      }
    }
  }

  differingBlocks(): readonly number[] {
    const [a, b] = this.nodes as [SimNode, SimNode];
    this.#differences ??= new Differences(a.disk, b.disk, this.#shape.volumeBytes);
    return this.#differences.find();
  }

  /** Everything acknowledged is on this node's disk. */
  checkContent(node: SimNode): void {
    const fault = this.#faultOf(node, this.history.sectors());
    if (fault !== undefined) this.violation(`${node.name}: ${fault}`);
  }

  violation(message: string): void {
    throw new SimViolation(message);
  }

  #guestDies(node: SimNode): void {
    if (this.changing === node) this.changing = undefined;
    if (this.guest?.node !== node) return;
    this.guest.kill();
    this.guest = undefined;
  }

  #onlyWhole(node: SimNode): void {
    this.whole.clear();
    this.whole.add(node);
    this.#lostUnflushed.delete(node);
  }

  #onOwnCopyLacks(node: SimNode, fault: string): void {
    const superblock = marksOf(node.disk)?.superblock;
    // It knows itself that it is behind: nobody goes on from it.
    const known = superblock === undefined || (superblock.flags & MdFlag.WasUpToDate) === 0;
    const { writeFails, flushFails } = node.disk.faults;
    // A disk that was let go is behind, and the other copy's new generation says so.
    const disk = node.status()?.volumes[0]?.disk;
    const others = marksOf(this.other(node).disk)?.superblock;
    const gone = disk === "Diskless" && others !== undefined && others.uuids.bitmap !== 0n;
    if (!known && !gone && writeFails + flushFails === 0) {
      this.violation(`${node.name} acknowledged what its own disk lacks: ${fault}`);
    }
    this.whole.delete(node);
  }

  #onOtherCopyLacks(node: SimNode, other: SimNode, fault: string): void {
    const volume = node.status()?.volumes[0];
    const peerFailed = volume?.peerDisk === "Diskless" || volume?.peerDisk === "Failed";
    const superblock = marksOf(node.disk)?.superblock;
    const counted = superblock !== undefined && superblock.uuids.bitmap !== 0n;
    const others = marksOf(other.disk)?.superblock;
    // Its own metadata say that nobody may go on from it.
    const outdated = others !== undefined && (others.flags & MdFlag.WasUpToDate) === 0;
    if ((!counted && !outdated) || !this.whole.has(node)) {
      this.violation(
        `${node.name} acknowledged alone in no new generation; ${other.name}: ${fault}`,
      );
    }
    if (this.#careful && !peerFailed && !outdated) {
      this.violation(`${node.name} acknowledged alone without evidence; ${other.name}: ${fault}`);
    }
    this.whole.delete(other);
  }

  #onTarget(target: SimNode): void {
    const source = this.other(target);
    // What counts is what is there: a copy that was left out by precaution may be whole all the same.
    const fault = this.#faultOf(source, this.history.sectors());
    if (fault !== undefined) {
      // A copy that lags is the source only where nobody runs on the other any more.
      const lags = this.#mayLag && this.guest?.node !== target;
      const lost = lags || (this.#lostUnflushed.has(source) && this.whole.has(target));
      if (!lost) {
        this.violation(
          `${target.name} is synced from ${source.name}, which lacks acknowledged writes: ${fault}`,
        );
      }
      // Both of one generation, and the source crashed as Primary: its flushed state counts, as DRBD has it.
      this.history.doubtUnstable();
      const stillLost = this.#faultOf(source, this.history.sectors());
      if (stillLost !== undefined)
        this.violation(`${source.name} lacks what was flushed, and is the source: ${stillLost}`);
    }
    this.#onlyWhole(source);
    this.#lostUnflushed.delete(target);
  }

  #maybeGrow(): void {
    const [a, b] = this.nodes as [SimNode, SimNode];
    if (!this.#inSync(a) || !this.#inSync(b)) return;
    for (const node of this.nodes) {
      if (this.whole.has(node)) continue;
      const fault = this.#faultOf(node, this.history.sectors(), this.#mayLag ? "stable" : "acked");
      if (fault !== undefined) this.violation(`${node.name}: ${fault}`);
      this.whole.add(node);
      this.#lostUnflushed.delete(node);
    }
  }

  #checkRoles(node: SimNode): void {
    if (node.status()?.role !== "Primary" || this.windowOpen) return;
    if (this.other(node).status()?.role === "Primary") this.violation("both nodes are Primary");
  }

  #connected(node: SimNode): boolean {
    const volume = node.status()?.volumes[0];
    return volume?.conn === "Connected";
  }

  /** A Primary that is still frozen may have something to send again. */
  #inSync(node: SimNode): boolean {
    const status = node.status();
    const volume = status?.volumes[0];
    return (
      status?.suspendedFencing === false &&
      volume?.conn === "Connected" &&
      volume.disk === "UpToDate" &&
      volume.peerDisk === "UpToDate"
    );
  }

  /** It is gone on from, though it may lag: what it lacks is lost, and that is the end of what was asked for last. */
  #giveUpLag(node: SimNode): void {
    const contentAt = (sector: number): Uint8Array =>
      node.disk.peek(sector * sectorBytes, simSectorBytes);
    const fault = this.#lostUnflushed.has(node) ? undefined : this.history.orderFault(contentAt);
    if (fault !== undefined) this.violation(`${node.name} is gone on from, and ${fault}`);
    if (this.#faultOf(node, this.history.sectors()) !== undefined) this.history.doubtUnstable();
  }

  #faultOf(
    node: SimNode,
    sectors: readonly number[],
    promised: "acked" | "stable" = "acked",
  ): string | undefined {
    for (const sector of sectors) {
      const content = node.disk.peek(sector * sectorBytes, simSectorBytes);
      const fault = this.history.judge(sector, content, promised);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
