/** The block device of a volume (block-device.ts), from what its names and paths are. */
import { diskPaths } from "../paths/run-paths.ts";
import type { BlockDevice } from "./block-device.ts";

/** @param device what people call it: /dev/drbd0. */
export function volumeDevice(resource: string, volume: number, device: string): BlockDevice {
  const paths = diskPaths(resource);
  return {
    device,
    directory: paths.blockDevice(volume),
    socketPath: paths.nbdSocket(volume),
    exportName: String(volume),
    log: paths.log,
  };
}
