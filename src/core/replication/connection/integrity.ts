/**
 * data-integrity-alg: every packet with data carries their digest, and one that does not fit costs the connection. What
 * was under way is then marked and resynced; nothing of it is written. Each side seals what it sends with the algorithm
 * of its own configuration, and opens what comes with the one that the peer's P_PROTOCOL has named.
 *
 * Specification: sections 6.3, 7.2 (P_PROTOCOL, P_DATA).
 */
import { equalBytes } from "../../../base/bytes.ts";
import type { DataPacket, Packet } from "../../../formats/drbd/packet.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { digestBytes, digestNamed } from "../digest.ts";
import type { Resource } from "../resource.ts";

/** A packet as it is to be sent. */
export function sealed(r: Resource, packet: Packet): Packet {
  if (r.net.dataIntegrityAlg === "" || !carriesData(packet)) return packet;
  const algorithm = digestNamed(r.net.dataIntegrityAlg);
  if (algorithm === undefined) return packet;
  return { ...packet, digest: r.digest(algorithm, packet.payload) };
}

/** A packet as it was before it was sealed, or what is wrong with it. */
export function opened(r: Resource, packet: DataPacket): DataPacket | string {
  const algorithm = digestNamed(r.link.peerIntegrityAlg);
  if (algorithm === undefined) return packet;
  const length = digestBytes[algorithm];
  if (packet.payload.length < length) return "data without their digest";
  const digest = packet.payload.subarray(0, length);
  const payload = packet.payload.subarray(length);
  if (equalBytes(r.digest(algorithm, payload), digest)) return { ...packet, payload };
  return (
    `Digest integrity check FAILED: ${packet.sector} +${payload.length}. The data were changed on their way, ` +
    "or by the peer's user while they were being sent"
  );
}

export function carriesData(packet: Packet): packet is DataPacket {
  return (
    packet.type === PacketType.Data ||
    packet.type === PacketType.DataReply ||
    packet.type === PacketType.RsDataReply
  );
}
