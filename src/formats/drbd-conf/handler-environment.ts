/** What a handler of drbd.conf finds in its environment (specification section 13.7), from whoever runs it. */
import type { DrbdResourceConfig } from "./resource-config.ts";

/** Handlers that are about the connection, not about one volume. */
export const connectionHandlers: ReadonlySet<string> = new Set(["fence-peer", "unfence-peer"]);

/** @param number the volume that it is about; undefined: the whole resource. */
export function handlerEnvironment(
  { name, peer, volumes, place }: DrbdResourceConfig,
  number: number | undefined,
): Readonly<Record<string, string>> {
  const volume = volumes.find((one) => one.number === number);
  return {
    DRBD_RESOURCE: name,
    DRBD_CONF: place.file,
    DRBD_PEER: peer?.name ?? "",
    DRBD_PEERS: peer?.name ?? "",
    DRBD_PEER_AF: peer?.address.family ?? "",
    DRBD_PEER_ADDRESS: peer?.address.host ?? "",
    DRBD_MINOR:
      volume === undefined ? volumes.map((one) => one.minor).join(" ") : String(volume.minor),
    ...(volume === undefined
      ? {}
      : { DRBD_VOLUME: String(volume.number), DRBD_LL_DISK: volume.disk }),
  };
}
