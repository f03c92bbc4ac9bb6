/**
 * The cluster options that decide: their defaults, the names they had before, and what counts as valid. An invalid
 * value is reported and the default taken (Pacemaker's rule).
 */
import { configError } from "../model/issues.ts";
import type { Cluster } from "../model/types.ts";
import { parseBoolean } from "../values/boolean.ts";
import { parseMilliseconds } from "../values/interval.ts";
import { scanInteger } from "../values/number.ts";
import { parseScore } from "../values/score.ts";

type OptionKind = "boolean" | "duration" | "integer" | "score" | readonly string[];

type ClusterOption = {
  readonly kind: OptionKind;
  readonly fallback: string;
  readonly old?: string;
};

export type OptionName =
  | "no-quorum-policy"
  | "symmetric-cluster"
  | "maintenance-mode"
  | "start-failure-is-fatal"
  | "enable-startup-probes"
  | "fencing-enabled"
  | "fencing-action"
  | "fencing-timeout"
  | "have-watchdog"
  | "concurrent-fencing"
  | "startup-fencing"
  | "priority-fencing-delay"
  | "node-pending-timeout"
  | "cluster-delay"
  | "batch-limit"
  | "migration-limit"
  | "stop-all-resources"
  | "stop-removed-resources"
  | "cancel-removed-actions"
  | "shutdown-lock"
  | "shutdown-lock-limit"
  | "fence-remote-without-quorum"
  | "node-health-strategy"
  | "node-health-base"
  | "node-health-green"
  | "node-health-yellow"
  | "node-health-red"
  | "placement-strategy";

const options: Readonly<Record<OptionName, ClusterOption>> = {
  "no-quorum-policy": {
    kind: ["stop", "freeze", "ignore", "demote", "fence", "suicide"],
    fallback: "stop",
    old: "no_quorum_policy",
  },
  "symmetric-cluster": { kind: "boolean", fallback: "true", old: "symmetric_cluster" },
  "maintenance-mode": { kind: "boolean", fallback: "false" },
  "start-failure-is-fatal": { kind: "boolean", fallback: "true" },
  "enable-startup-probes": { kind: "boolean", fallback: "true" },
  "fencing-enabled": { kind: "boolean", fallback: "true", old: "stonith-enabled" },
  "fencing-action": {
    kind: ["reboot", "off", "poweroff"],
    fallback: "reboot",
    old: "stonith-action",
  },
  "fencing-timeout": { kind: "duration", fallback: "60s", old: "stonith-timeout" },
  "have-watchdog": { kind: "boolean", fallback: "false" },
  "concurrent-fencing": { kind: "boolean", fallback: "true" },
  "startup-fencing": { kind: "boolean", fallback: "true" },
  "priority-fencing-delay": { kind: "duration", fallback: "0" },
  "node-pending-timeout": { kind: "duration", fallback: "0" },
  "cluster-delay": { kind: "duration", fallback: "60s" },
  "batch-limit": { kind: "integer", fallback: "0" },
  "migration-limit": { kind: "integer", fallback: "-1" },
  "stop-all-resources": { kind: "boolean", fallback: "false" },
  "stop-removed-resources": { kind: "boolean", fallback: "true", old: "stop-orphan-resources" },
  "cancel-removed-actions": { kind: "boolean", fallback: "true", old: "stop-orphan-actions" },
  "shutdown-lock": { kind: "boolean", fallback: "false" },
  "shutdown-lock-limit": { kind: "duration", fallback: "0" },
  "fence-remote-without-quorum": { kind: "boolean", fallback: "false" },
  "node-health-strategy": {
    kind: ["none", "migrate-on-red", "only-green", "progressive", "custom"],
    fallback: "none",
  },
  "node-health-base": { kind: "score", fallback: "0" },
  "node-health-green": { kind: "score", fallback: "0" },
  "node-health-yellow": { kind: "score", fallback: "0" },
  "node-health-red": { kind: "score", fallback: "-INFINITY" },
  "placement-strategy": {
    kind: ["default", "utilization", "minimal", "balanced"],
    fallback: "default",
  },
};

export function clusterOption(cluster: Cluster, name: OptionName): string {
  const option = options[name];
  const value =
    cluster.options.get(name) ??
    (option.old === undefined ? undefined : cluster.options.get(option.old));
  if (value === undefined) return option.fallback;
  if (isValid(option.kind, value)) return value;
  configError(
    cluster,
    `cluster option ${name}: '${value}' is not valid, taking ${option.fallback}`,
  );
  return option.fallback;
}

export function booleanOption(cluster: Cluster, name: OptionName): boolean {
  return parseBoolean(clusterOption(cluster, name)) === true;
}

function isValid(kind: OptionKind, value: string): boolean {
  if (typeof kind !== "string") return kind.includes(value.toLowerCase());
  switch (kind) {
    case "boolean":
      return parseBoolean(value) !== undefined;
    case "duration":
      return value.startsWith("P") || parseMilliseconds(value) !== undefined;
    case "integer":
      return scanInteger(value) !== undefined || parseScore(value) !== undefined;
    case "score":
      return parseScore(value) !== undefined || ["red", "yellow", "green"].includes(value);
  }
}
