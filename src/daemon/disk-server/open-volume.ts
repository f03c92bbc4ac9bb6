/** Opens the backing device of a volume, and the device of its metadata where that is another. */
import { UserError } from "../../api/user-error.ts";
import type { DrbdVolumeConfig } from "../../formats/drbd-conf/resource-config.ts";
import { FileStore } from "../../host/store/file-store.ts";
import { type DevicePart, type OpenDevice, openDevice } from "../../host/store/open-device.ts";
import type { VolumeStores } from "./backing-devices.ts";

/** One slot of a device that several resources keep their metadata on. */
export const metaSlotBytes: number = 128 * 1024 * 1024;

/** drbdsetup's exit code when the kernel cannot open a device. */
const exitCannotOpen = 10;

/** @throws UserError HF2141 when one of them cannot be opened; then none is. */
export function openVolume(volume: DrbdVolumeConfig): VolumeStores {
  const data = open(volume.disk, undefined);
  const { metaDisk } = volume;
  if (metaDisk.kind === "internal") {
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

function open(path: string, part: DevicePart | undefined): OpenDevice {
  const opened = openDevice(path, part);
  if (opened.ok) return opened.value;
  const { code, message } = opened.error;
  throw new UserError("HF2141", `cannot open the backing device: ${message}`, {
    exit: exitCannotOpen,
    remedy: code === "EBUSY" ? `See who uses it: fuser -v ${path}` : `Is ${path} the right path?`,
  });
}
