/**
 * One DRBD resource, served: its machine, its backing devices, its connections to the peer and its NBD exports, wired
 * together. Knows nothing of processes, sockets for control and files of its own: those are main.ts and its parts.
 */

import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import { unreachable } from "../../base/assert.ts";
import type {
  AskHandler,
  DrbdEffect,
  MetadataPlaced,
  Notice,
} from "../../core/replication/effects.ts";
import type { AdminCommand } from "../../core/replication/events.ts";
import type { Past } from "../../core/replication/roles/past.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { readLastKnown, writeLastKnown } from "../../host/store/last-known-device.ts";
import { LentMemory } from "../../host/stream/lent-memory.ts";
import { PeerTls } from "../../host/stream/peer-tls.ts";
import { AdminCommands, refusal } from "./admin-commands.ts";
import { attachRefusal } from "./attach-refusal.ts";
import { BackingDevices } from "./backing-devices.ts";
import type { DiskLog } from "./disk-log.ts";
import { FencingDesk } from "./fencing-desk.ts";
import { Handlers } from "./handlers.ts";
import { MachineLoop, type ResourceMachine } from "./machine-loop.ts";
import { NbdServer } from "./nbd/nbd-server.ts";
import { openVolume } from "./open-volume.ts";
import { writePast } from "./past-file.ts";
import { ReplicationNetwork } from "./replication-network.ts";
import { metaPlacement } from "./resource-settings.ts";
import { ServedVolumes } from "./served-volumes.ts";
import { StatusFeed } from "./status-feed.ts";
import { readTlsIdentity } from "./tls-identity.ts";
import { Turn } from "./turn.ts";
import { OwnWrites } from "./undo/own-writes.ts";
import { UndoDesk, type UndoDeskOptions } from "./undo/undo-desk.ts";

export type ServedMachine = ResourceMachine & {
  status(): DiskResourceStatus;
  changedBlocks: UndoDeskOptions["changedBlocks"];
};

export type DiskServerOptions = {
  readonly config: DrbdResourceConfig;
  readonly machine: ServedMachine;
  readonly log: DiskLog;
};

export class DiskServer {
  readonly #options: DiskServerOptions;
  readonly #turn: Turn = new Turn();
  readonly #loop: MachineLoop;
  readonly #devices: BackingDevices;
  readonly #network: ReplicationNetwork;
  readonly handlers: Handlers;
  readonly admin: AdminCommands;
  readonly nbd: NbdServer;
  readonly feed: StatusFeed;
  readonly fencing: FencingDesk;
  readonly undo: UndoDesk;
  readonly #ownWrites: OwnWrites;

  constructor(options: DiskServerOptions) {
    const { config, machine, log } = options;
    this.#options = options;
    const turn = this.#turn;
    const loop = new MachineLoop(machine, turn, (effect) => this.#perform(effect));
    this.#loop = loop;
    const forPeer = new LentMemory();
    this.#devices = new BackingDevices(
      turn,
      (event) => loop.post(event),
      (bytes) => this.#network.onWritten(bytes),
      forPeer,
    );
    this.#network = new ReplicationNetwork({
      turn,
      post: (event) => loop.post(event),
      onTrouble: (message) => log.error(message),
      tls: peerTls(config),
      forPeer,
    });
    this.admin = new AdminCommands((event) => loop.post(event));
    this.feed = new StatusFeed(turn, () => machine.status());
    this.handlers = new Handlers(config, log);
    this.fencing = new FencingDesk({
      peer: config.peer?.name ?? "",
      post: (event) => loop.post(event),
      handlers: this.handlers,
      log,
    });
    this.#ownWrites = new OwnWrites((event) => loop.post(event));
    this.undo = new UndoDesk({
      node: config.local.name,
      peer: config.peer?.name ?? "",
      status: () => machine.status(),
      changedBlocks: (of) => machine.changedBlocks(of),
      store: (volume) => this.#devices.data(volume),
      writes: this.#ownWrites,
    });
    const service = new ServedVolumes({
      config,
      machine,
      loop,
      devices: this.#devices,
      isLocked: () => this.undo.isApplying,
      onUse: () => this.feed.changed(),
    });
    this.nbd = new NbdServer({ service, turn, onClient: (what) => log.warn(what) });
  }

  status(): DiskResourceStatus {
    return this.#options.machine.status();
  }

  /** Membership has declared the peer dead. */
  hintPeerLost(): void {
    this.#loop.post({ kind: "peer-lost" });
  }

  /** @throws UserError when a device cannot be opened, or its metadata is refused: then it is closed again. */
  async attach(number: number): Promise<void> {
    const volume = this.#options.config.volumes.find((one) => one.number === number);
    if (volume === undefined)
      throw new UserError("HF2142", `there is no volume ${number}`, { exit: 10 });
    if (this.#devices.has(number))
      throw new UserError("HF2143", `volume ${number} has its disk attached already`, {
        exit: 10,
        remedy: "Detach it first, if it is to be another disk: drbdadm detach RES.",
      });
    const lastKnown = readLastKnown(volume.minor);
    const stores = openVolume(volume, this.#options.log);
    const { sizeBytes } = stores.data;
    this.#devices.open(number, stores);
    const command: AdminCommand = {
      name: "attach",
      volume: number,
      dataBytes: stores.data.sizeBytes,
      metaBytes: stores.meta.sizeBytes,
      placement: metaPlacement(volume),
    };
    const result = await this.admin.ask(command);
    if (result.ok) return;
    await this.#closeDevice(number);
    throw attachRefusal(refusal(command, result), { volume, sizeBytes, lastKnown });
  }

  /** Resolves when the device is closed as well, so that others may open it. */
  async detach(volume: number, force: boolean): Promise<void> {
    await this.admin.run({ name: "detach", volume, force });
    await this.#closeDevice(volume);
  }

  /** Ends all I/O: nothing is heard of the machine any more. */
  async stop(): Promise<void> {
    this.nbd.close();
    this.#network.closeAll();
    this.#loop.stop();
    for (const volume of this.#devices.volumes) await this.#closeDevice(volume);
  }

  #closeDevice(volume: number): Promise<void> {
    return new Promise((resolve) => {
      this.#devices.close(volume, (error) => {
        if (error) this.#options.log.error(`closing volume ${volume}: ${error.message}`);
        resolve();
      });
    });
  }

  #perform(effect: DrbdEffect): void {
    switch (effect.kind) {
      case "io-reply":
        if (!this.#ownWrites.onIoReply(effect)) this.nbd.onIoReply(effect);
        break;
      case "io-read": {
        const store = this.#devices.data(effect.volume);
        if (store === undefined)
          this.#loop.post({ ...effect, kind: "read", localReadFailed: true });
        else this.nbd.onIoRead(effect, store);
        break;
      }
      case "disk-read":
      case "disk-write":
      case "disk-flush":
      case "disk-zero":
      case "disk-allocation":
      case "disk-size":
        this.#devices.perform(effect);
        break;
      case "listen":
      case "stop-listening":
      case "connect":
      case "send":
      case "close":
        this.#network.perform(effect);
        break;
      case "admin-reply":
        this.admin.onReply(effect);
        break;
      case "notice":
        this.#log(effect);
        break;
      case "fence-peer":
        this.fencing.onEffect(effect);
        break;
      case "handler":
        void this.handlers.run(effect.name, effect.volume);
        break;
      case "ask-handler":
        void this.#askHandler(effect);
        break;
      case "metadata-placed":
        this.#remember(effect);
        break;
      case "past-changed":
        this.#keepPast(effect.past);
        break;
      case "close-backing-device":
        void this.#closeDevice(effect.volume);
        break;
      case "status-changed":
        this.feed.changed();
        break;
      default:
        unreachable(effect);
    }
  }

  /** Not to know the size later costs a search, not data: the disk is used all the same. */
  #remember(placed: MetadataPlaced): void {
    const volume = this.#options.config.volumes.find((one) => one.number === placed.volume);
    if (volume === undefined) return;
    const { deviceBytes: sizeBytes, deviceUuid } = placed;
    try {
      writeLastKnown(volume.minor, { sizeBytes, path: volume.disk, deviceUuid });
    } catch (cause) {
      this.#options.log.warn(`the size of ${volume.disk} is not remembered: ${String(cause)}`);
    }
  }

  #keepPast(past: Past): void {
    try {
      writePast(this.#options.config.name, past, Date.now());
    } catch (cause) {
      this.#options.log.warn(`who was Primary when is not remembered: ${String(cause)}`);
    }
  }

  async #askHandler({ request, name, volume, connection }: AskHandler): Promise<void> {
    if (!this.handlers.has(name)) {
      this.#loop.post({ kind: "handler-answer", request, exitCode: 0 });
      return;
    }
    this.#network.hold(connection);
    const exitCode = await this.handlers.run(name, volume);
    this.#loop.post({ kind: "handler-answer", request, exitCode });
    this.#network.release(connection);
  }

  #log(notice: Notice): void {
    const where = notice.volume === undefined ? "" : `volume ${notice.volume}: `;
    this.#options.log[notice.level](where + notice.message, {
      code: notice.code,
      ...notice.fields,
    });
  }
}

/** @throws UserError HF2160 when TLS is wanted and this node has no certificate for it. */
function peerTls({ net, local, peer }: DrbdResourceConfig): PeerTls | undefined {
  if (!net.tls || peer === undefined) return undefined;
  return new PeerTls(readTlsIdentity(local.name), peer.name);
}
