/** Opens the backing device of a volume, and the device of its metadata where that is another. */
import fs from "node:fs";
import { UserError } from "../../api/user-error.ts";
import {
  metadataBeforeGrowth,
  moveAfterGrowth,
} from "../../core/replication/offline/grown-device.ts";
import { readMetadata } from "../../core/replication/offline/read-metadata.ts";
import type { DrbdVolumeConfig } from "../../formats/drbd-conf/resource-config.ts";
import { FileStore } from "../../host/store/file-store.ts";
import { readLastKnown } from "../../host/store/last-known-device.ts";
import { type DevicePart, type OpenDevice, openDevice } from "../../host/store/open-device.ts";
import { metadataDevice } from "../drbdmeta/open-metadata.ts";
import type { VolumeStores } from "./backing-devices.ts";
import type { DiskLog } from "./disk-log.ts";

/** One slot of a device that several resources keep their metadata on. */
const metaSlotBytes: number = 128 * 1024 * 1024;

/** drbdsetup's exit code when the kernel cannot open a device. */
const exitCannotOpen = 10;

/**
 * Internal metadata of a device that has grown since it was last in use are brought to its end first.
 * @throws UserError HF2141 when one of them cannot be opened, HF2155 when metadata cannot be moved; then none is open.
 */
export function openVolume(volume: DrbdVolumeConfig, log: Pick<DiskLog, "info">): VolumeStores {
  const data = open(volume.disk, undefined);
  const { metaDisk } = volume;
  if (metaDisk.kind === "internal") {
    try {
      moveIfGrown(data, volume, log);
    } catch (error) {
      fs.closeSync(data.fd);
      throw error;
    }
    const store = new FileStore(data);
    return { data: store, meta: store };
  }
  const dataStore = new FileStore(data);
  try {
    const part =
      metaDisk.kind === "indexed"
        ? { offset: metaDisk.index * metaSlotBytes, lengthBytes: metaSlotBytes }
        : undefined;
    return { data: dataStore, meta: new FileStore(open(metaDisk.path, part)) };
  } catch (error) {
    dataStore.close(() => {});
    throw error;
  }
}

function moveIfGrown(
  device: OpenDevice,
  volume: DrbdVolumeConfig,
  log: Pick<DiskLog, "info">,
): void {
  const lastSizeBytes = readLastKnown(volume.minor)?.sizeBytes;
  const meta = metadataDevice(device);
  if (lastSizeBytes === undefined || lastSizeBytes >= device.sizeBytes) return;
  if (readMetadata({ data: meta, meta }, { kind: "internal" }).ok) return;
  if (metadataBeforeGrowth({ meta }, lastSizeBytes) === undefined) return;
  const moved = moveAfterGrowth(meta, lastSizeBytes);
  if (!moved.ok) {
    throw new UserError("HF2155", `${volume.disk}: ${moved.error}`, {
      exit: exitCannotOpen,
      remedy: "drbdadm create-md --force writes new metadata: all is then taken from the peer.",
    });
  }
  const grown = `has grown from ${lastSizeBytes} to ${device.sizeBytes} bytes`;
  log.info(`${volume.disk} ${grown}: its metadata are at its end now`);
}

function open(path: string, part: DevicePart | undefined): OpenDevice {
  const opened = openDevice(path, part);
  if (opened.ok) return opened.value;
  const { code, message } = opened.error;
  throw new UserError("HF2141", `cannot open the backing device: ${message}`, {
    exit: exitCannotOpen,
    remedy: code === "EBUSY" ? `See who uses it: fuser -v ${path}` : `Is ${path} the right path?`,
  });
}
