/** What drbd.conf says about a resource (formats/drbd-conf), as the settings of its machine. */
import type {
  DiskSettings,
  NetSettings,
  ResourceSettings,
} from "../../core/replication/settings.ts";
import type { MetaPlacement } from "../../formats/drbd/metadata-layout.ts";
import type {
  DrbdNetConfig,
  DrbdOptionsConfig,
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";

const sectorBytes = 512;
const tenthMs = 100;

export function resourceSettings(config: DrbdResourceConfig): ResourceSettings {
  const { local, peer } = config;
  return {
    name: config.name,
    nodeName: local.name,
    peerName: peer?.name ?? "",
    local: { address: local.address.host, port: local.address.port },
    // Without a peer nothing is ever connected: see the refusal of `connect`.
    remote: { address: peer?.address.host ?? "", port: peer?.address.port ?? 0 },
    net: netSettings(config.net),
    asksBeforeResync: true,
    volumes: config.volumes.map((volume) => ({
      volume: volume.number,
      minor: volume.minor,
      disk: diskSettings(volume, config.options),
    })),
  };
}

export function netSettings(net: DrbdNetConfig): NetSettings {
  return {
    protocol: net.protocol,
    timeoutMs: net.timeoutMs,
    connectIntMs: net.connectIntMs,
    pingIntMs: net.pingIntMs,
    pingTimeoutMs: net.pingTimeoutMs,
    koCount: net.koCount,
    maxEpochSize: net.maxEpochSize,
    maxBuffers: net.maxBuffersPages,
    allowTwoPrimaries: net.allowTwoPrimaries,
    onCongestion: net.onCongestion,
    congestionFillBytes: net.congestionFillSectors * sectorBytes,
    congestionExtents: net.congestionExtents,
    alwaysAsbp: net.alwaysAsbp,
    useRle: net.useRle,
    cramHmacAlg: net.cramHmacAlg,
    sharedSecret: net.sharedSecret,
    dataIntegrityAlg: net.dataIntegrityAlg,
    verifyAlg: net.verifyAlg,
    csumsAlg: net.csumsAlg,
    csumsAfterCrashOnly: net.csumsAfterCrashOnly,
    afterSb0pri: net.afterSb0pri,
    afterSb1pri: net.afterSb1pri,
    afterSb2pri: net.afterSb2pri,
    rrConflict: net.rrConflict,
  };
}

export function diskSettings(volume: DrbdVolumeConfig, options: DrbdOptionsConfig): DiskSettings {
  const disk = volume.options;
  // Only a rate that somebody has written is a cap; the default of 250 KiB/s is a starting value of DRBD's.
  const isRateSet = volume.set.some((option) => option.name === "resync-rate");
  return {
    sizeBytes: disk.sizeSectors * sectorBytes,
    onIoError: disk.onIoError,
    fencing: disk.fencing,
    resyncRateKiBs: isRateSet ? disk.resyncRateKibPerS : undefined,
    alExtents: disk.alExtents,
    cPlanAheadTenths: disk.cPlanAheadMs / tenthMs,
    cDelayTargetTenths: disk.cDelayTargetMs / tenthMs,
    cFillTargetSectors: disk.cFillTargetSectors,
    cMaxRateKiBs: disk.cMaxRateKibPerS,
    cMinRateKiBs: disk.cMinRateKibPerS,
    onNoDataAccessible: options.onNoDataAccessible,
  };
}

export function metaPlacement(volume: DrbdVolumeConfig): MetaPlacement {
  const { metaDisk } = volume;
  return metaDisk.kind === "indexed"
    ? { kind: "indexed", index: metaDisk.index }
    : { kind: metaDisk.kind };
}
