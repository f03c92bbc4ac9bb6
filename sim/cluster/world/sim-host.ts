/**
 * One simulated host: its power, its disks with their servers, the daemon, and the guests that run on it. Disk servers
 * and guests live on while the daemon is restarted; with the power all of it is gone but what is on stable storage.
 */
import { assert, present } from "../../../src/base/assert.ts";
import { type WallTime, wallTime } from "../../../src/base/time.ts";
import type { SimulatedHost } from "../../guests/simulated-guests.ts";
import type { SimNode } from "../../replication/sim-node.ts";
import { GuestDrives } from "./guest-drive.ts";
import type { HostedDaemon } from "./hosted-daemon.ts";
import { SimServices } from "./sim-services.ts";
import { traceLine, type World, wallNow } from "./sim-world.ts";
import { StoredFiles } from "./stored-files.ts";

/** From power to the start of the daemon. */
const bootMs = 8000;
/** A disk server that died is started again. */
const diskServerRestartMs = 1500;

export type HostParts = {
  readonly world: World;
  readonly name: string;
  readonly address: string;
  /** The daemon of a new start; it begins to work when it is made. */
  makeDaemon(host: SimHost): HostedDaemon;
  /** Power, frozenness, or the guests that are here have changed. */
  onChanged(): void;
};

export class SimHost {
  readonly name: string;
  readonly address: string;
  readonly drives: GuestDrives;
  readonly files: StoredFiles;
  /** Names of guests that may be here. */
  readonly guestNames: string[] = [];
  readonly services: SimServices = new SimServices();
  /** Its software speaks another version on the links between daemons. */
  speaksOtherVersion = false;
  /** What its wall clock is ahead of the true time. */
  clockAheadMs = 0;
  /** When it was switched on last. */
  bootedAtMs = 0;
  /** When it lost its power last. */
  offAtMs: number | undefined;
  bootId: bigint;
  readonly #parts: HostParts;
  readonly #servers = new Map<string, SimNode>();
  #guests: SimulatedHost | undefined;
  #daemon: HostedDaemon | undefined;
  #powered = true;
  #frozen: (() => void)[] | undefined;
  #boots = 0;
  #load: number | undefined;

  constructor(parts: HostParts) {
    const { world, name, address } = parts;
    this.#parts = parts;
    this.name = name;
    this.address = address;
    this.drives = new GuestDrives(world.clock);
    this.files = new StoredFiles(world.clock, world.prng.fork());
    this.bootId = world.prng.u64();
  }

  get powered(): boolean {
    return this.#powered;
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  /** Something executes here. */
  get isAwake(): boolean {
    return this.#powered && this.#frozen === undefined;
  }

  get nowMs(): number {
    return this.#parts.world.clock.now;
  }

  wallNow(): WallTime {
    return wallTime(wallNow(this.#parts.world) + this.clockAheadMs);
  }

  /** On the average of a minute, as the daemon measures it. Undefined: nobody measures it. */
  get load(): number | undefined {
    return this.#load;
  }

  setLoad(oneMinute: number): void {
    this.#load = oneMinute;
    this.#daemon?.onLoad(oneMinute);
  }

  get daemon(): HostedDaemon | undefined {
    return this.#daemon;
  }

  get guests(): SimulatedHost {
    return present(this.#guests, "the host's guests");
  }

  /** The disk servers' nodes, by DRBD resource. */
  get servers(): ReadonlyMap<string, SimNode> {
    return this.#servers;
  }

  /** A guest, or a dummy. */
  executes(resource: string): boolean {
    return this.guests.executes(resource) || this.services.isActive(resource);
  }

  addGuests(guests: SimulatedHost): void {
    this.#guests = guests;
  }

  addServer(drbdResource: string, node: SimNode): void {
    this.#servers.set(drbdResource, node);
    this.drives.add(drbdResource, node);
  }

  startServer(drbdResource: string): void {
    const node = present(this.#servers.get(drbdResource), "the disk server");
    if (node.running || !this.#powered) return;
    this.drives.onServerStart(drbdResource);
    node.start();
    if (this.#frozen !== undefined) node.freeze();
  }

  /** The disk server dies; systemd starts it again. */
  crashServer(drbdResource: string): void {
    const node = present(this.#servers.get(drbdResource), "the disk server");
    if (!node.running) return;
    node.crash();
    this.drives.onServerEnd(drbdResource);
    this.#daemon?.onServerEnd(drbdResource);
    const boot = this.#boots;
    this.#parts.world.clock.after(diskServerRestartMs, () => {
      if (boot === this.#boots) this.startServer(drbdResource);
    });
  }

  startDaemon(): void {
    if (this.#daemon !== undefined || !this.#powered) return;
    this.#trace("holdfastd starts");
    this.#daemon = this.#parts.makeDaemon(this);
    if (this.#frozen !== undefined) this.#daemon.freeze();
  }

  /** The daemon is gone at once, without a word; its guests and disks go on. */
  killDaemon(): void {
    if (this.#daemon === undefined) return;
    this.#trace("holdfastd ends");
    this.#daemon.end();
    this.#daemon = undefined;
    this.files.crash();
    this.#parts.world.network.processDied(this.address);
  }

  powerOff(): void {
    if (!this.#powered) return;
    this.#trace("loses its power");
    this.#boots++;
    this.offAtMs = this.nowMs;
    this.#powered = false;
    this.#frozen = undefined;
    this.killDaemon();
    for (const [drbdResource, node] of this.#servers) {
      node.powerCut();
      this.drives.onServerEnd(drbdResource);
    }
    for (const guest of this.guestNames) this.guests.crash(guest);
    this.services.powerOff();
    this.#parts.world.network.powerOff(this.address);
    this.#parts.onChanged();
  }

  powerOn(): void {
    if (this.#powered) return;
    this.#trace("has power");
    const boot = ++this.#boots;
    const { world } = this.#parts;
    this.#powered = true;
    this.bootedAtMs = world.clock.now;
    this.bootId = world.prng.u64();
    world.network.powerOn(this.address);
    for (const node of this.#servers.values()) node.powerOn();
    this.#parts.onChanged();
    world.clock.after(bootMs, () => {
      if (boot !== this.#boots) return;
      for (const drbdResource of this.#servers.keys()) this.startServer(drbdResource);
      this.startDaemon();
    });
  }

  /** Every process stands still, the guests' too; the kernel goes on. */
  freeze(): void {
    if (!this.isAwake) return;
    this.#trace("freezes");
    this.#frozen = [];
    this.#daemon?.freeze();
    for (const node of this.#servers.values()) node.freeze();
    this.#parts.onChanged();
  }

  thaw(): void {
    const held = this.#frozen;
    if (held === undefined) return;
    this.#trace("goes on");
    this.#frozen = undefined;
    for (const node of this.#servers.values()) node.thaw();
    for (const run of held) run();
    this.#daemon?.thaw();
    this.#parts.onChanged();
  }

  /** Now, or when the host goes on; never when it loses its power first. */
  whenAwake(run: () => void): void {
    if (this.#frozen === undefined) run();
    else this.#frozen.push(run);
  }

  #trace(text: string): void {
    assert(this.name !== "", "a host has a name");
    traceLine(this.#parts.world, this.name, text);
  }
}
