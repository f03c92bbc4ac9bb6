/** The volumes of a resource, as its NBD clients see them. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { IoRequest } from "../../core/replication/io.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { Extent, Store } from "../../ports/store.ts";
import type { BackingDevices } from "./backing-devices.ts";
import { exportNames, parseExportName } from "./export-names.ts";
import type { MachineLoop, ResourceMachine } from "./machine-loop.ts";
import type { ByteRange, ExportAnswer, VolumeService } from "./nbd/volume-service.ts";

type Options = {
  readonly config: DrbdResourceConfig;
  readonly machine: ResourceMachine & { status(): DiskResourceStatus };
  readonly loop: MachineLoop;
  readonly devices: BackingDevices;
  /** Saved blocks are being brought back: nobody may look at what is half of another time. */
  readonly isLocked: () => boolean;
  /** Somebody has opened or released a volume. */
  readonly onUse: () => void;
};

export class ServedVolumes implements VolumeService {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  exportNames(): readonly string[] {
    return this.#options.config.volumes.flatMap((volume) => exportNames(volume.number));
  }

  findExport(name: string, socketVolume: number): ExportAnswer {
    const { config, machine } = this.#options;
    const parsed = parseExportName(name, socketVolume);
    const status = machine.status();
    const volume = status.volumes.find((one) => one.volume === parsed?.volume);
    if (parsed === undefined || volume === undefined) {
      const known = this.exportNames().join(", ");
      return refused("unknown", `${config.name} has no export "${name}"; it has ${known}`);
    }
    if (status.role !== "Primary" && !parsed.standby)
      return refused("refused", `${config.name} is Secondary here: drbdadm primary ${config.name}`);
    if (this.#options.isLocked())
      return refused("refused", `${config.name} is being brought back to an earlier state`);
    if (volume.sizeKib === 0)
      return refused("refused", `the size of ${config.name}/${volume.volume} is not known yet`);
    return {
      ok: true,
      details: {
        name: exportNames(volume.volume)[parsed.standby ? 1 : 0],
        volume: volume.volume,
        sizeBytes: volume.sizeKib * 1024,
        description: `${config.name}/${volume.volume} ${volume.device}`,
      },
    };
  }

  opened(volume: number): void {
    this.#options.loop.post({ kind: "device-opened", volume });
    this.#options.onUse();
  }

  released(volume: number): void {
    this.#options.loop.post({ kind: "device-released", volume });
    this.#options.onUse();
  }

  localStore(volume: number, { offset, length }: ByteRange): Store | undefined {
    const { machine, devices } = this.#options;
    return machine.readsLocally(volume, offset, length) ? devices.data(volume) : undefined;
  }

  submit(request: IoRequest): void {
    this.#options.loop.post(request);
  }

  allocation(
    volume: number,
    range: ByteRange,
    done: (extents: readonly Extent[] | undefined) => void,
  ): void {
    // Only a copy that is good by itself can tell; of the peer's nothing is known here.
    const store = this.localStore(volume, range);
    if (store === undefined) done(undefined);
    else
      store.allocation(range.offset, range.length, (error, extents) =>
        done(error === undefined ? extents : undefined),
      );
  }
}

function refused(reason: "unknown" | "refused", message: string): ExportAnswer {
  return { ok: false, reason, message };
}
