/**
 * P_SYNC_PARAM89: which checksums the peer verifies and compares with. At connect the two must be the same, or each
 * would take the other's digests for differences; a change while connected is taken over. (Deviation: the rates in it
 * are not taken over. They are caps here, each node's own, and the peer's default of 250 KiB/s is none.)
 */
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type { SyncParamPacket } from "../../../formats/drbd/packet.ts";
import { digestNamed } from "../digest.ts";
import { notice } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { digestOptions } from "./digest-settings.ts";
import { standAlone } from "./handshake.ts";

export function onSyncParam(r: Resource, v: Volume, packet: SyncParamPacket): void {
  const connecting = v.conn < Conn.Connected;
  for (const field of ["verifyAlg", "csumsAlg"] as const) {
    const [mine, theirs] = [r.net[field], packet[field]];
    if (mine === theirs) continue;
    if (connecting) {
      standAlone(r, `Different ${digestOptions[field]} settings. me="${mine}" peer="${theirs}"`);
      return;
    }
    if (theirs !== "" && digestNamed(theirs) === undefined) {
      standAlone(r, `the peer's ${digestOptions[field]} "${theirs}" is not known here`);
      return;
    }
    r.net = { ...r.net, [field]: theirs };
    notice(r, "info", "net-options-adopted", `using ${digestOptions[field]}: "${theirs}"`, {
      volume: v,
    });
  }
}
