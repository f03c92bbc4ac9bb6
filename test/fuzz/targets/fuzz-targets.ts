/** Everything that `npm run fuzz` runs, in this order: ten million inputs of what comes over DRBD's and NBD's ports,
 * from disks and from drbd.conf; then the rest. */
import type { FuzzTarget } from "../fuzz-target.ts";
import { bitmapCode } from "./bitmap-code.ts";
import { clusterPacket, linkMessage, linkStream } from "./cluster-link.ts";
import { authKeys, haCf, qmp, xlConfig, xml } from "./config-texts.ts";
import { drbdConf } from "./drbd-conf.ts";
import { drbdPackets } from "./drbd-packets.ts";
import { metadataActivityLog, metadataImage, metadataSuperblock } from "./metadata.ts";
import { metadataDrbdmeta } from "./metadata-drbdmeta.ts";
import { nbd } from "./nbd.ts";
import { pacemakerRemote } from "./pacemaker-remote.ts";
import { replication } from "./replication.ts";

export const fuzzTargets: readonly FuzzTarget[] = [
  drbdPackets,
  bitmapCode,
  metadataSuperblock,
  metadataActivityLog,
  metadataImage,
  nbd,
  drbdConf,
  clusterPacket,
  linkStream,
  linkMessage,
  pacemakerRemote,
  haCf,
  authKeys,
  xlConfig,
  xml,
  qmp,
  replication,
  metadataDrbdmeta,
];
