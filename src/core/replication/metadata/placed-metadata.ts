/** The metadata are where they will be looked for: remembered outside of the device, which may grow while nobody looks. */
import type { Resource } from "../resource.ts";
import type { Backing, Volume } from "../volume.ts";

export function notePlaced(r: Resource, v: Volume, backing: Backing): void {
  if (backing.placement.kind !== "internal") return;
  r.effects.push({
    kind: "metadata-placed",
    volume: v.number,
    deviceBytes: backing.dataBytes,
    deviceUuid: backing.deviceUuid,
  });
}
