/**
 * Cluster options: their names, the older names that are still read, types, values and defaults (those of Pacemaker
 * 3.0.2), and getters by type. A value that is none for its option counts as not set.
 */

import { parseScore } from "../../../decision/score.ts";
import { parseBoolean } from "../../../formats/cib/cib-boolean.ts";
import { parseIntervalMs } from "../../../formats/cib/interval.ts";

export type OptionType =
  | "boolean"
  | "duration"
  | "integer"
  | "score"
  | "percentage"
  | "select"
  | "text";

export type ClusterOption = {
  readonly type: OptionType;
  /** Undefined where there is none. */
  readonly default?: string;
  /** For "select": in any case, unless `isExact`. */
  readonly values?: readonly string[];
  readonly isExact?: boolean;
  /** Read where the name itself is not set. */
  readonly oldNames?: readonly string[];
  /** The cluster itself writes it; what a person sets is of no effect. */
  readonly generated?: boolean;
  /** Nothing should rely on it any more. */
  readonly deprecated?: boolean;
};

const boolean = (value: "true" | "false"): ClusterOption => ({ type: "boolean", default: value });
const duration = (value: string): ClusterOption => ({ type: "duration", default: value });
const integer = (value: string): ClusterOption => ({ type: "integer", default: value });
const score = (value: string): ClusterOption => ({ type: "score", default: value });

export const clusterOptions: Readonly<Record<string, ClusterOption>> = {
  "dc-version": { type: "text", generated: true },
  "cluster-infrastructure": { type: "text", generated: true },
  "cluster-name": { type: "text" },
  "dc-deadtime": duration("20s"),
  "cluster-recheck-interval": duration("15min"),
  "election-timeout": duration("2min"),
  "shutdown-escalation": duration("20min"),
  "join-integration-timeout": {
    ...duration("3min"),
    oldNames: ["crmd-integration-timeout"],
  },
  "join-finalization-timeout": {
    ...duration("30min"),
    oldNames: ["crmd-finalization-timeout"],
  },
  "transition-delay": { ...duration("0s"), oldNames: ["crmd-transition-delay"] },
  "no-quorum-policy": {
    type: "select",
    default: "stop",
    values: ["stop", "freeze", "ignore", "demote", "fence", "suicide"],
    oldNames: ["no_quorum_policy"],
  },
  "shutdown-lock": boolean("false"),
  "shutdown-lock-limit": duration("0"),
  "enable-acl": boolean("false"),
  "symmetric-cluster": { ...boolean("true"), oldNames: ["symmetric_cluster"] },
  "maintenance-mode": boolean("false"),
  "start-failure-is-fatal": boolean("true"),
  "enable-startup-probes": { ...boolean("true"), deprecated: true },
  "fence-remote-without-quorum": boolean("false"),
  "fencing-enabled": { ...boolean("true"), oldNames: ["stonith-enabled", "stonith_enabled"] },
  "fencing-action": {
    type: "select",
    default: "reboot",
    values: ["reboot", "off", "poweroff"],
    isExact: true,
    oldNames: ["stonith-action", "stonith_action"],
  },
  "fencing-reaction": {
    type: "select",
    default: "stop",
    values: ["stop", "panic"],
    oldNames: ["fence-reaction"],
  },
  "fencing-timeout": { ...duration("60s"), oldNames: ["stonith-timeout"] },
  "have-watchdog": { ...boolean("false"), generated: true },
  "fencing-watchdog-timeout": {
    type: "text",
    default: "0",
    oldNames: ["stonith-watchdog-timeout"],
  },
  "fencing-max-attempts": { ...score("10"), oldNames: ["stonith-max-attempts"] },
  "concurrent-fencing": { ...boolean("true"), deprecated: true },
  "startup-fencing": boolean("true"),
  "priority-fencing-delay": duration("0"),
  "node-pending-timeout": duration("0"),
  "cluster-delay": { ...duration("60s"), oldNames: ["transition_idle_timeout"] },
  "load-threshold": { type: "percentage", default: "80%" },
  "node-action-limit": integer("0"),
  "batch-limit": integer("0"),
  "migration-limit": integer("-1"),
  "cluster-ipc-limit": { type: "integer", deprecated: true },
  "stop-all-resources": boolean("false"),
  "stop-removed-resources": {
    ...boolean("true"),
    oldNames: ["stop-orphan-resources", "stop_orphan_resources"],
    deprecated: true,
  },
  "cancel-removed-actions": {
    ...boolean("true"),
    oldNames: ["stop-orphan-actions", "stop_orphan_actions"],
    deprecated: true,
  },
  "pe-error-series-max": integer("-1"),
  "pe-warn-series-max": integer("5000"),
  "pe-input-series-max": integer("4000"),
  "node-health-strategy": {
    type: "select",
    default: "none",
    values: ["none", "migrate-on-red", "only-green", "progressive", "custom"],
  },
  "node-health-base": score("0"),
  "node-health-green": score("0"),
  "node-health-yellow": score("0"),
  "node-health-red": score("-INFINITY"),
  "placement-strategy": {
    type: "select",
    default: "default",
    values: ["default", "utilization", "minimal", "balanced"],
  },
};

/** What is set in <crm_config>: name -> value (name-values.ts, clusterOptionValues). */
export type OptionValues = ReadonlyMap<string, string>;

/** The value set under this name or an older one if it is valid, else the default; a choice in the case of its values. */
export function textOption(set: OptionValues, name: string): string | undefined {
  const option = Object.hasOwn(clusterOptions, name) ? clusterOptions[name] : undefined;
  if (option === undefined) return set.get(name);
  for (const each of [name, ...(option.oldNames ?? [])]) {
    const value = set.get(each);
    if (value !== undefined)
      return isValidOption(option, value) ? spelled(option, value) : option.default;
  }
  return option.default;
}

/** As the values of its option are. */
function spelled({ type, isExact = false }: ClusterOption, value: string): string {
  return type === "select" && !isExact ? value.toLowerCase() : value;
}

export function booleanOption(set: OptionValues, name: string): boolean {
  return parseBoolean(textOption(set, name) ?? "") ?? false;
}

/** In ms. */
export function durationOption(set: OptionValues, name: string): number {
  return parseIntervalMs(textOption(set, name) ?? "") ?? 0;
}

/** Integers and scores. */
export function numberOption(set: OptionValues, name: string): number {
  return parseScore(textOption(set, name) ?? "") ?? 0;
}

export function isValidOption(option: ClusterOption, value: string): boolean {
  switch (option.type) {
    case "boolean":
      return parseBoolean(value) !== undefined;
    case "duration":
      return parseIntervalMs(value) !== undefined;
    case "integer":
    case "score":
      return parseScore(value) !== undefined;
    case "percentage":
      return /^\d+%$/.test(value);
    case "select":
      return option.values?.includes(spelled(option, value)) ?? false;
    case "text":
      return true;
  }
}

/** The name that an option has today, whichever of its names is given; undefined if it is no known option. */
export function optionNamed(name: string): string | undefined {
  if (Object.hasOwn(clusterOptions, name)) return name;
  return Object.keys(clusterOptions).find((each) => clusterOptions[each]?.oldNames?.includes(name));
}
