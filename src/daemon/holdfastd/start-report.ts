/** What the daemon says at its start: what it understood, each default that holds, and each warning. */
import { printHaCfSettings } from "../../formats/ha-cf/ha-cf-settings.ts";
import type { Medium } from "../../ports/datagrams.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import type { DaemonLog } from "./daemon-log.ts";

export function reportStart(log: DaemonLog, config: ClusterConfig, version: string): void {
  const { members, drbd } = config;
  const drbdText =
    drbd === undefined ? "no replicated disks" : `${drbd.file}: ${drbd.resources.join(", ")}`;
  log("info", `holdfastd ${version} on ${members.self}.`);
  log("info", `Members (from ${members.source}): ${members.nodes.join(", ")}.`);
  log("info", `Links (${config.haCfFile}): ${config.media.map(mediumText).join("; ")}.`);
  for (const line of printHaCfSettings(config.settings)) log("info", `Setting: ${line}.`);
  log("info", `Keys (${config.keysFile}): ${config.keysText}.`);
  log("info", `Replicated disks (${drbdText}).`);
  for (const { severity, place, message, code, remedy } of config.remarks) {
    const level = severity === "warning" ? "warn" : "info";
    log(level, `${place}: ${message} [${code}]. ${remedy}`);
  }
}

function mediumText(medium: Medium): string {
  switch (medium.kind) {
    case "bcast":
      return `broadcast on ${medium.interface}`;
    case "ucast":
      return `to ${medium.address} on ${medium.interface}`;
    case "mcast":
      return `multicast ${medium.group} on ${medium.interface}`;
  }
}
