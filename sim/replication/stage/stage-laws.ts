/**
 * The laws on a stage, where administrators do what they like: each is checked at every step, by looking at the disks and
 * not at what the machines say of them.
 *
 * - An acknowledged write is where its protocol promises it: under C on both copies, or the one that lacks it is known to
 *   be behind; under A and B at least on the writer's.
 * - The Secondary's copy never shows a write without those that were acknowledged before it was asked for.
 * - Every block that differs is marked by one of the two, as they would be found after a power cut.
 * - No resync takes away what was promised, unless somebody said that it may.
 * - Two nodes that are connected are not both Primary outside a migration's window.
 */

import type { Notice } from "../../../src/core/replication/effects.ts";
import { blockBytes } from "../../../src/core/replication/metadata/bitmap.ts";
import { MdFlag } from "../../../src/formats/drbd/superblock.ts";
import type { DiskEffect } from "../../kernel/sim-disk.ts";
import { SimViolation } from "../cluster.ts";
import { Differences, marksOf } from "../disk-marks.ts";
import type { SimNode } from "../sim-node.ts";
import type { Lineage, LineageWrite } from "./lineage.ts";

export class StageLaws {
  /** Nodes whose data may be thrown away by the next resync: somebody said so. */
  readonly mayLose: Set<SimNode> = new Set();
  windowOpen = false;
  readonly #nodes: readonly [SimNode, SimNode];
  readonly #lineage: Lineage;
  readonly #volumeBytes: number;
  #differences: Differences | undefined;
  #resting = false;
  /** Acknowledged, and not seen yet on the Secondary's copy; oldest first. */
  #unseen: LineageWrite[] = [];

  constructor(nodes: readonly [SimNode, SimNode], lineage: Lineage, volumeBytes: number) {
    this.#nodes = nodes;
    this.#lineage = lineage;
    this.#volumeBytes = volumeBytes;
  }

  /** From here on every difference has to be marked: both copies are equal, and known to be. */
  begin(): void {
    const [a, b] = this.#nodes;
    this.#differences = new Differences(a.disk, b.disk, this.#volumeBytes);
  }

  /** A disk was replaced behind the nodes' backs: until both are in sync again nobody can have marked what differs. */
  rest(): void {
    this.#resting = true;
  }

  onAcknowledged(write: LineageWrite, protocol: string): void {
    const { node } = write;
    const peer = this.#other(node);
    const here = this.#lineage.has(node.disk, write);
    const there = this.#lineage.has(peer.disk, write);
    if (!here && !there) this.#violation(`write ${write.id} is acknowledged, and on no copy`);
    if (!here && hasGoodDisk(node))
      this.#violation(`${node.name} acknowledged write ${write.id}, which its own copy lacks`);
    if (protocol === "C") {
      write.promised = true;
      if (!there && !isKnownBehind(node, peer))
        this.#violation(`write ${write.id} is acknowledged, and ${peer.name} lacks it unknowingly`);
    }
    if (!there) this.#unseen.push(write);
  }

  /** To be called when a write has reached a disk. */
  onDisk(node: SimNode, effect: DiskEffect): void {
    if (effect.kind !== "write" || this.#unseen.length === 0) return;
    const blocks = Math.ceil(effect.length / blockBytes);
    const first = Math.floor(effect.offset / blockBytes);
    const volume = node.status()?.volumes[0];
    // A copy that is being synced shows a mixture, and says so: it is Inconsistent.
    if (volume?.disk !== "UpToDate") return;
    const came = this.#cameTo(node, first, blocks);
    if (came === undefined) return;
    this.#unseen = this.#unseen.filter((write) => !this.#lineage.has(node.disk, write));
    for (const write of this.#unseen) {
      if (write.node === node || write.ended === undefined || write.ended > came.issued) continue;
      this.#violation(`${node.name} shows write ${came.id} without write ${write.id} before it`);
    }
  }

  onNotice(node: SimNode, notice: Notice): void {
    if (notice.code === "resync-began" && notice.message.includes("SyncTarget"))
      this.#onTarget(node);
  }

  checkRoles(): void {
    const [a, b] = this.#nodes.map((node) => node.status());
    if (a?.role !== "Primary" || b?.role !== "Primary" || this.windowOpen) return;
    const connected = [a, b].every((status) => status.connection === "Connected");
    if (connected) this.#violation("two connected nodes are Primary");
  }

  checkCoverage(): void {
    if (this.#resting && !this.#nodes.every(inSync)) return;
    this.#resting = false;
    const differing = this.#differences?.find() ?? [];
    if (differing.length === 0) return;
    const [a, b] = this.#nodes.map((node) => marksOf(node.disk));
    for (const block of differing) {
      if (a?.marks(block) !== true && b?.marks(block) !== true)
        this.#violation(`block ${block} differs, and neither node knows`);
    }
  }

  differingBlocks(): readonly number[] {
    return this.#differences?.find() ?? [];
  }

  /** Everything that is promised is on both copies. */
  checkPromises(): void {
    for (const block of this.#lineage.blocks()) {
      for (const write of this.#lineage.writesAt(block)) {
        const lacking =
          write.promised && this.#nodes.find((n) => !this.#lineage.hasAt(n.disk, write, block));
        if (lacking) this.#violation(`${lacking.name} lacks write ${write.id} at block ${block}`);
      }
    }
  }

  #onTarget(target: SimNode): void {
    const source = this.#other(target);
    this.#unseen = this.#unseen.filter(({ node }) => node !== source);
    for (const block of this.#lineage.blocks()) {
      for (const write of this.#lineage.writesAt(block)) {
        const lost =
          write.promised &&
          this.#lineage.hasAt(target.disk, write, block) &&
          !this.#lineage.hasAt(source.disk, write, block);
        if (!lost) continue;
        if (!this.mayLose.has(target))
          this.#violation(
            `${target.name} is synced from ${source.name}, which lacks write ${write.id}`,
          );
        write.promised = false;
      }
    }
    this.mayLose.delete(target);
  }

  /** The youngest write of the peer's that this disk write has brought. */
  #cameTo(node: SimNode, first: number, blocks: number): LineageWrite | undefined {
    let youngest: LineageWrite | undefined;
    for (let block = first; block < first + blocks; block++) {
      for (const write of this.#lineage.writesAt(block)) {
        const isNewer = youngest === undefined || write.issued > youngest.issued;
        if (write.node !== node && isNewer && this.#lineage.hasAt(node.disk, write, block))
          youngest = write;
      }
    }
    return youngest;
  }

  #other(node: SimNode): SimNode {
    const [a, b] = this.#nodes;
    return node === a ? b : a;
  }

  #violation(message: string): never {
    throw new SimViolation(message);
  }
}

function inSync(node: SimNode): boolean {
  const volume = node.status()?.volumes[0];
  const good = volume?.disk === "UpToDate" && volume.peerDisk === "UpToDate";
  return good && volume.conn === "Connected";
}

function hasGoodDisk(node: SimNode): boolean {
  const disk = node.status()?.volumes[0]?.disk;
  return disk === "UpToDate" && node.disk.faults.writeFails === 0;
}

/** Stable metadata say that the peer's copy is not the newest: this node's count from a generation, or the peer's own do. */
function isKnownBehind(node: SimNode, peer: SimNode): boolean {
  const mine = marksOf(node.disk)?.superblock;
  const theirs = marksOf(peer.disk)?.superblock;
  const counted = mine !== undefined && mine.uuids.bitmap !== 0n;
  return counted || (theirs !== undefined && (theirs.flags & MdFlag.WasUpToDate) === 0);
}
