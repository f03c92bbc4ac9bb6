/** Why a disk is not taken into use, with what to do where its size is the reason. */
import { UserError } from "../../api/user-error.ts";
import type { DrbdVolumeConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { LastKnownDevice } from "../../host/store/last-known-device.ts";

/** @param disk its size now, and what is remembered of the last time. */
export function attachRefusal(
  refused: UserError,
  disk: {
    readonly volume: DrbdVolumeConfig;
    readonly sizeBytes: number;
    readonly lastKnown: LastKnownDevice | undefined;
  },
): UserError {
  const remedy = remedyFor(disk);
  if (remedy === undefined || refused.remedy !== undefined) return refused;
  const { exit } = refused;
  return new UserError(refused.code, refused.message, {
    remedy,
    ...(exit === undefined ? {} : { exit }),
  });
}

function remedyFor(disk: Parameters<typeof attachRefusal>[1]): string | undefined {
  const { volume, sizeBytes, lastKnown } = disk;
  if (volume.metaDisk.kind !== "internal") return undefined;
  if (lastKnown === undefined || lastKnown.sizeBytes === sizeBytes) return undefined;
  const sizes = `${volume.disk} has ${sizeBytes} bytes, and had ${lastKnown.sizeBytes} when it was last in use`;
  return sizeBytes < lastKnown.sizeBytes
    ? `${sizes}: its metadata were at its end. Give it its size back, or take everything from the peer: drbdadm create-md.`
    : `${sizes}, and no metadata are where its end was. Is it the right disk?`;
}
