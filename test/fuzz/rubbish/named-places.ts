/** Where a packet of the peer may change the volume: only what it names itself. */
import type { Packet } from "../../../src/formats/drbd/packet.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";

const sectorBytes = 512;

export function namedPlaces(
  packet: Packet,
): readonly { readonly offset: number; readonly length: number }[] {
  switch (packet.type) {
    case PacketType.Data:
    case PacketType.DataReply:
    case PacketType.RsDataReply:
      return [{ offset: packet.sector * sectorBytes, length: packet.payload.length }];
    case PacketType.Trim:
    case PacketType.Zeroes:
    case PacketType.Wsame:
    case PacketType.RsDeallocated:
      return [{ offset: packet.sector * sectorBytes, length: packet.sizeBytes }];
    default:
      return [];
  }
}
