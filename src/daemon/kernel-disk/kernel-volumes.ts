/**
 * The volumes of a resource of the kernel's, for NBD clients: guests find them where those of our own disk servers are.
 * Each is the device /dev/drbdN, which the kernel opens on a Primary only: it is opened at the first request after the
 * promotion, and closed when the last client has gone, since nobody can be demoted who has it open. That takes a moment; who
 * comes meanwhile, as a guest that connects again does, waits for it, since two cannot have the device.
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { IoErrorCode, IoReply, IoRequest, ReadRequest } from "../../core/replication/io.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { FileStore } from "../../host/store/file-store.ts";
import { openDevice } from "../../host/store/open-device.ts";
import type { Extent, Store, StoreError } from "../../ports/store.ts";
import { exportNames, parseExportName } from "../disk-server/export-names.ts";
import type { ByteRange, ExportAnswer, VolumeService } from "../disk-server/nbd/volume-service.ts";
import type { Turn } from "../disk-server/turn.ts";

type Options = {
  readonly config: () => DrbdResourceConfig;
  readonly status: () => DiskResourceStatus | undefined;
  readonly answer: (reply: IoReply) => void;
  readonly turn: Turn;
  readonly onUse: () => void;
};

export class KernelVolumes implements VolumeService {
  readonly #options: Options;
  readonly #stores = new Map<number, Store>();
  /** Devices that are being closed, with the requests that wait for that. */
  readonly #closing = new Map<number, IoRequest[]>();
  /** How many clients have the volume open. */
  readonly #users = new Map<number, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  isOpen(volume: number): boolean {
    return (this.#users.get(volume) ?? 0) > 0;
  }

  /** Whether the device of a volume whose last client has gone is still open. */
  get isClosing(): boolean {
    return this.#closing.size > 0;
  }

  exportNames(): readonly string[] {
    return this.#options.config().volumes.flatMap((volume) => exportNames(volume.number));
  }

  findExport(name: string, socketVolume: number): ExportAnswer {
    const { name: resource } = this.#options.config();
    const status = this.#options.status();
    const parsed = parseExportName(name, socketVolume);
    const volume = status?.volumes.find((one) => one.volume === parsed?.volume);
    if (status === undefined || parsed === undefined || volume === undefined)
      return refused("unknown", `${resource} has no export "${name}"`);
    if (status.role !== "Primary" && !parsed.standby)
      return refused("refused", `${resource} is Secondary here: drbdadm primary ${resource}`);
    if (volume.sizeKib === 0)
      return refused("refused", `the size of ${resource}/${volume.volume} is not known yet`);
    return {
      ok: true,
      details: {
        name: exportNames(volume.volume)[parsed.standby ? 1 : 0],
        volume: volume.volume,
        sizeBytes: volume.sizeKib * 1024,
        description: `${resource}/${volume.volume} ${volume.device}, of the kernel's DRBD`,
      },
    };
  }

  opened(volume: number): void {
    this.#users.set(volume, (this.#users.get(volume) ?? 0) + 1);
    this.#options.onUse();
  }

  released(volume: number): void {
    this.#users.set(volume, (this.#users.get(volume) ?? 0) - 1);
    const store = this.#stores.get(volume);
    if (!this.isOpen(volume) && store !== undefined) this.#close(volume, store);
    this.#options.onUse();
  }

  localStore(volume: number): Store | undefined {
    if (this.#closing.has(volume)) return undefined;
    const known = this.#stores.get(volume);
    if (known !== undefined || this.#options.status()?.role !== "Primary") return known;
    const configured = this.#options.config().volumes.find((one) => one.number === volume);
    if (configured === undefined) return undefined;
    const device = openDevice(configured.device);
    if (!device.ok) return undefined;
    const store = new FileStore(device.value);
    this.#stores.set(volume, store);
    return store;
  }

  submit(request: IoRequest): void {
    const waiting = this.#closing.get(request.volume);
    if (waiting !== undefined) {
      waiting.push(request);
      return;
    }
    const store = this.localStore(request.volume);
    if (store === undefined) {
      this.#reply(request.id, "not-primary");
      return;
    }
    const done = (error?: StoreError): void => this.#reply(request.id, error && codeOf(error));
    switch (request.kind) {
      case "read":
        // Once the device has failed the kernel has no other copy left, or it would have used it.
        if (request.localReadFailed === true) this.#reply(request.id, "io-error");
        else this.#read(store, request);
        return;
      case "write":
        if (request.fua) store.writeDurably(request.offset, request.bytes, done);
        else store.write(request.offset, request.bytes, done);
        return;
      case "flush":
        store.flush(done);
        return;
      case "discard":
      case "write-zeroes": {
        const { offset, length: lengthBytes, fua } = request;
        const mayUnmap = request.kind === "discard" || request.mayUnmap;
        store.zero({ offset, lengthBytes, mayUnmap }, (error) => {
          if (error !== undefined || !fua) done(error);
          else store.flush(done);
        });
        return;
      }
    }
  }

  allocation(
    _volume: number,
    _range: ByteRange,
    done: (extents: readonly Extent[] | undefined) => void,
  ): void {
    done(undefined);
  }

  #close(volume: number, store: Store): void {
    this.#stores.delete(volume);
    this.#closing.set(volume, []);
    store.close(() => {
      const waiting = this.#closing.get(volume) ?? [];
      this.#closing.delete(volume);
      for (const request of waiting) {
        // Who has gone meanwhile must not have the device opened again.
        if (this.isOpen(volume)) this.submit(request);
        else this.#reply(request.id, "not-primary");
      }
    });
  }

  #read(store: Store, { id, offset, length }: ReadRequest): void {
    const bytes = new Uint8Array(length);
    store.read(offset, bytes, (error) => {
      if (error !== undefined) this.#reply(id, codeOf(error));
      else this.#answer({ kind: "io-reply", id, bytes });
    });
  }

  #reply(id: number, error: IoErrorCode | undefined): void {
    this.#answer({ kind: "io-reply", id, ...(error === undefined ? {} : { error }) });
  }

  #answer(reply: IoReply): void {
    this.#options.turn.run(() => this.#options.answer(reply));
  }
}

function codeOf({ code }: StoreError): IoErrorCode {
  return code === "ENOSPC" ? "no-space" : "io-error";
}

function refused(reason: "unknown" | "refused", message: string): ExportAnswer {
  return { ok: false, reason, message };
}
