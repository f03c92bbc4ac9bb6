/** The resource that the peers with rubbish meet: one small volume on a disk that was never used. */
import { present } from "../../../src/base/assert.ts";
import { createMetadata } from "../../../src/core/replication/offline/create-metadata.ts";
import {
  defaultDiskSettings,
  defaultNetSettings,
  type ResourceSettings,
} from "../../../src/core/replication/settings.ts";
import { SparseDevice } from "./sparse-device.ts";

export const deviceBytes: number = 5 * 2 ** 20;

export const plainSettings: ResourceSettings = {
  name: "r0",
  nodeName: "one",
  peerName: "two",
  local: { address: "10.0.0.1", port: 7789 },
  remote: { address: "10.0.0.2", port: 7789 },
  net: { ...defaultNetSettings, sharedSecret: "secret" },
  // So few extents of the activity log that they are used up now and then.
  volumes: [{ volume: 0, minor: 0, disk: { ...defaultDiskSettings, alExtents: 7 } }],
};

export const emptyImage: SparseDevice = newImage();

function newImage(): SparseDevice {
  const device = new SparseDevice(deviceBytes);
  const made = createMetadata({ data: device, meta: device }, { kind: "internal" });
  return present(made.ok ? device : undefined, "a device of that size");
}
