/** What holdfastd understands of ha.cf, authkeys and drbd.conf, and what it has to say about them. */
import { createHmac } from "node:crypto";
import { hostname } from "node:os";
import path from "node:path";
import type { ConfigRemark } from "../../api/cluster-live.ts";
import { UserError } from "../../api/user-error.ts";
import { decideMembers, type Members } from "../../core/membership/decide-members.ts";
import type { MembershipTimings } from "../../core/membership/types.ts";
import type { AuthKeys } from "../../formats/authkeys/authkeys.ts";
import { checkKeyFileMode } from "../../formats/authkeys/key-file-mode.ts";
import { parseAuthKeys } from "../../formats/authkeys/parse-authkeys.ts";
import { keyringOf } from "../../formats/cluster-packet/authkeys-keyring.ts";
import type { Keyring } from "../../formats/cluster-packet/keyring.ts";
import { printPlace } from "../../formats/config-text/place.ts";
import type { HaCf } from "../../formats/ha-cf/ha-cf.ts";
import { type HaCfSettings, haCfSettings } from "../../formats/ha-cf/ha-cf-settings.ts";
import { parseHaCf } from "../../formats/ha-cf/parse-ha-cf.ts";
import type { Medium } from "../../ports/datagrams.ts";
import { knownCode } from "../cluster-methods/cib-desk.ts";
import {
  accepted,
  exitConfig,
  findConfigDirectory,
  readConfigFile,
  refusal,
} from "./config-files.ts";
import { restartHoldMsMax } from "./daemon-times.ts";
import { type DrbdHosts, readDrbdHosts } from "./drbd-hosts.ts";

export type ClusterConfig = {
  readonly haCfFile: string;
  readonly keysFile: string;
  readonly members: Members;
  readonly media: readonly Medium[];
  readonly port: number;
  readonly timings: MembershipTimings;
  readonly settings: HaCfSettings;
  readonly keyring: Keyring;
  /** The key of one migration of a guest's memory: the same on all nodes with the same keys. */
  readonly migrationKey: (id: string) => string;
  /** How many keys, and how the one that signs is used. */
  readonly keysText: string;
  readonly drbd: DrbdHosts | undefined;
  readonly remarks: readonly ConfigRemark[];
};

/** @throws UserError when a file is missing or refused, or this host is no member. */
export function readClusterConfig(drbdConfFile: string): ClusterConfig {
  const directory = findConfigDirectory();
  const haCfFile = path.join(directory, "ha.cf");
  const haCf = accepted(parseHaCf(readConfigFile(haCfFile).text, haCfFile));
  const settings = accepted(haCfSettings(haCf.value));
  const { keys, keysFile, remarks: keyRemarks } = readKeys(directory);
  const hostName = hostname();
  const drbd = readDrbdHosts(drbdConfFile, hostName);
  const members = decideMembers({
    haCf: haCf.value,
    drbdHosts: drbd?.hosts ?? [],
    hostName,
  });
  if (!members.ok) throw membersRefusal(members.error);
  return {
    ...{ haCfFile, keysFile, drbd },
    members: members.value,
    media: mediaOf(haCf.value),
    port: settings.value.udpport.value,
    settings: settings.value,
    timings: timingsOf(settings.value),
    keyring: keyringOf(keys),
    migrationKey: migrationKeyOf(keys),
    keysText: `${keys.keys.length} ${keys.keys.length === 1 ? "key" : "keys"}; key ${keys.signing.number} (${keys.signing.method}) signs`,
    remarks: [
      ...notExplained(haCf.notices, members.value.remarks).map(remark),
      ...[...settings.notices, ...keyRemarks].map(remark),
      ...members.value.remarks.map(remark),
      ...(drbd?.remarks ?? []).map(remark),
    ],
  };
}

/** The keys alone, when they are read again. @throws UserError when they are refused. */
function readKeys(directory: string): {
  readonly keysFile: string;
  readonly keys: AuthKeys;
  readonly remarks: readonly Remark[];
} {
  const keysFile = path.join(directory, "authkeys");
  const { text, mode } = readConfigFile(keysFile);
  const kept = checkKeyFileMode(keysFile, mode);
  if (kept !== undefined) throw refusal([kept]);
  const keys = accepted(parseAuthKeys(text, keysFile));
  return { keysFile, keys: keys.value, remarks: keys.notices };
}

/**
 * By the key with the lowest number, so that while keys are being exchanged both nodes use the same one as long as it is
 * in both files.
 */
function migrationKeyOf({ keys }: AuthKeys): (id: string) => string {
  const [first] = [...keys].sort((a, b) => a.number - b.number);
  const secret = first?.secret ?? "";
  return (id) => createHmac("sha256", secret).update(`holdfast migration ${id}`).digest("hex");
}

function timingsOf(settings: HaCfSettings): MembershipTimings {
  return {
    keepaliveMs: settings.keepaliveMs.value,
    warntimeMs: settings.warntimeMs.value,
    deadtimeMs: settings.deadtimeMs.value,
    initdeadMs: settings.initdeadMs.value,
    restartHoldMsMax,
  };
}

function mediaOf({ links }: HaCf): readonly Medium[] {
  return links.map((link): Medium => {
    const { place: _place, ...medium } = link;
    return medium;
  });
}

type Remark = {
  readonly code: string;
  readonly severity: "error" | "warning" | "notice";
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  readonly message: string;
  readonly remedy: string;
};

/** Of a line about which the membership says more, the reader of the file says nothing: two remedies are one too many. */
function notExplained(notices: readonly Remark[], others: readonly Remark[]): readonly Remark[] {
  const explained = new Set(others.map(({ place }) => printPlace(place)));
  return notices.filter(({ place }) => !explained.has(printPlace(place)));
}

function remark({ code, severity, place, message, remedy }: Remark): ConfigRemark {
  const level = severity === "notice" ? "notice" : "warning";
  return { code, severity: level, place: printPlace(place), message, remedy };
}

function membersRefusal(remarks: readonly Remark[]): UserError {
  const lines = remarks.map(
    ({ severity, place, message, code }) =>
      `${printPlace(place)}: ${severity}: ${message} [${code}]`,
  );
  const error = remarks.find((each) => each.severity === "error");
  return new UserError(knownCode(error?.code ?? "HF3005"), lines.join("\n"), {
    exit: exitConfig,
    ...(error !== undefined && { remedy: error.remedy }),
  });
}
