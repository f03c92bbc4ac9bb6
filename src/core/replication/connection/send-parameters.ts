/** The packets in which a node tells the other about itself. */
import { type Conn, Disk, type DrbdState } from "../../../formats/drbd/drbd-state.ts";
import type {
  ProtocolPacket,
  SizesPacket,
  SyncParamPacket,
  UuidsPacket,
} from "../../../formats/drbd/packet.ts";
import {
  ConnFlag,
  Feature,
  requestBytesMax,
  sectorBytes,
  UuidFlag,
} from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendData } from "../emit.ts";
import type { Resource } from "../resource.ts";
import { type AfterSbPolicy, type NetSettings, resyncRateKiBsDefault } from "../settings.ts";
import { stateOf } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";

/** The policies' numbers on the wire. */
const policyCodes: Readonly<Record<AfterSbPolicy, number>> = {
  disconnect: 0,
  "discard-younger-primary": 1,
  "discard-older-primary": 2,
  "discard-zero-changes": 3,
  "discard-least-changes": 4,
  "discard-local": 5,
  "discard-remote": 6,
  consensus: 7,
  "discard-secondary": 8,
  "call-pri-lost-after-sb": 9,
  "violently-as0p": 10,
};

export function protocolPacket(r: Resource, update = false): ProtocolPacket {
  const { net, link } = r;
  return {
    type: update ? PacketType.ProtocolUpdate : PacketType.Protocol,
    protocol: protocolCode(net.protocol),
    afterSb0p: policyCodes[net.afterSb0pri],
    afterSb1p: policyCodes[net.afterSb1pri],
    afterSb2p: policyCodes[net.afterSb2pri],
    connFlags:
      (link.discardMyData ? ConnFlag.DiscardMyData : 0) | (link.tentative ? ConnFlag.DryRun : 0),
    twoPrimaries: net.allowTwoPrimaries ? 1 : 0,
    integrityAlg: net.dataIntegrityAlg,
  };
}

/** What the peer's P_PROTOCOL must say for these settings to agree: local and remote are swapped. */
export function expectedOfPeer(
  net: NetSettings,
): Pick<
  ProtocolPacket,
  "protocol" | "afterSb0p" | "afterSb1p" | "afterSb2p" | "twoPrimaries" | "integrityAlg"
> {
  return {
    protocol: protocolCode(net.protocol),
    afterSb0p: mirrored(policyCodes[net.afterSb0pri]),
    afterSb1p: mirrored(policyCodes[net.afterSb1pri]),
    afterSb2p: mirrored(policyCodes[net.afterSb2pri]),
    twoPrimaries: net.allowTwoPrimaries ? 1 : 0,
    integrityAlg: net.dataIntegrityAlg,
  };
}

/** Settings as they are named here, of a peer that tells its own; undefined when a number has no meaning. */
export function settingsInPacket(
  packet: ProtocolPacket,
):
  | Pick<
      NetSettings,
      "protocol" | "afterSb0pri" | "afterSb1pri" | "afterSb2pri" | "allowTwoPrimaries"
    >
  | undefined {
  const protocol = (["A", "B", "C"] as const)[packet.protocol - 1];
  const afterSb0pri = policyOf(packet.afterSb0p);
  const afterSb1pri = policyOf(packet.afterSb1p);
  const afterSb2pri = policyOf(packet.afterSb2p);
  if (protocol === undefined || afterSb0pri === undefined) return undefined;
  if (afterSb1pri === undefined || afterSb2pri === undefined) return undefined;
  const allowTwoPrimaries = packet.twoPrimaries !== 0;
  return { protocol, afterSb0pri, afterSb1pri, afterSb2pri, allowTwoPrimaries };
}

export function sendSyncParam(r: Resource, v: Volume): void {
  const { settings } = v;
  const packet: SyncParamPacket = {
    type: PacketType.SyncParam89,
    volume: v.number,
    resyncRateKiBs: settings.resyncRateKiBs ?? resyncRateKiBsDefault,
    verifyAlg: r.net.verifyAlg,
    csumsAlg: r.net.csumsAlg,
    controller: {
      planAheadTenths: settings.cPlanAheadTenths,
      delayTargetTenths: settings.cDelayTargetTenths,
      fillTargetSectors: settings.cFillTargetSectors,
      maxRateKiBs: settings.cMaxRateKiBs,
    },
  };
  sendData(r, packet);
}

/** `currentSectors`: the size in use; 0 asks the peer to tell the one it knows. */
export function sendSizes(
  r: Resource,
  v: Volume,
  options: { readonly ddsFlags?: number; readonly asks?: boolean } = {},
): void {
  const { ddsFlags = 0, asks = false } = options;
  const usable = v.backing?.layout.usableSectors ?? 0;
  const packet: SizesPacket = {
    type: PacketType.Sizes,
    volume: v.number,
    diskSectors: v.disk >= Disk.Negotiating ? usable : 0,
    userSectors: v.settings.sizeBytes / sectorBytes,
    currentSectors: asks ? 0 : v.sizeBytes / sectorBytes,
    maxBioBytes: requestBytesMax,
    queueOrderType: 0,
    ddsFlags,
  };
  if ((r.link.features & Feature.Wsame) === 0) {
    sendData(r, packet);
    return;
  }
  const limits = {
    physicalBlockBytes: 512,
    logicalBlockBytes: 512,
    alignmentOffset: 0,
    ioMin: 512,
    ioOpt: 0,
    discardEnabled: true,
    discardZeroesData: true,
    writeSameCapable: false,
  };
  sendData(r, { ...packet, limits });
}

/** Nothing is sent without a disk. */
export function sendUuids(r: Resource, v: Volume, moreFlags = 0): void {
  const { backing } = v;
  if (backing === undefined || v.disk < Disk.Negotiating) return;
  const disk = backing.negotiated?.disk ?? v.disk;
  const negotiating = v.disk === Disk.Negotiating && disk === Disk.Inconsistent;
  const flags =
    (r.link.discardMyData ? UuidFlag.DiscardMyData : 0) |
    (backing.crashedPrimary ? UuidFlag.CrashedPrimary : 0) |
    (negotiating ? UuidFlag.Inconsistent : 0) |
    moreFlags;
  const packet: UuidsPacket = {
    type: PacketType.Uuids,
    volume: v.number,
    ...backing.uuids,
    bits: backing.bitmap.weight,
    flags,
  };
  sendData(r, packet);
}

/** @param conn said instead of the real connection state: the handshake's first P_STATE still says WFConnection. */
export function sendState(r: Resource, v: Volume, conn?: Conn): void {
  const state: DrbdState = stateOf(r, v);
  sendData(r, {
    type: PacketType.State,
    volume: v.number,
    state: conn === undefined ? state : { ...state, conn },
  });
}

function protocolCode(protocol: NetSettings["protocol"]): number {
  return protocol === "A" ? 1 : protocol === "B" ? 2 : 3;
}

/** The peer's local is remote here. */
function policyOf(code: number): AfterSbPolicy | undefined {
  const names = Object.keys(policyCodes) as readonly AfterSbPolicy[];
  return names.find((name) => policyCodes[name] === mirrored(code));
}

function mirrored(code: number): number {
  return code === 5 ? 6 : code === 6 ? 5 : code;
}
