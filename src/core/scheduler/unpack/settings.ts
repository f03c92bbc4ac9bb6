/** Cluster options and the CIB's own attributes -> the settings of this run. */

import { infinity, scoreOr } from "../../../decision/score.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { booleanOption, durationOption } from "../../cib/read/cluster-options.ts";
import { configError } from "../model/issues.ts";
import type { Cluster, NoQuorumPolicy, Settings } from "../model/types.ts";
import { scanInteger } from "../values/number.ts";
import { clusterOption, reportInvalidOptions } from "./cluster-options.ts";
import { readBlocks } from "./nvpairs.ts";

export function readSettings(cluster: Cluster, config: XmlElement | undefined): void {
  readBlocks(
    cluster,
    {
      from: config,
      blocks: "cluster_property_set",
      input: { now: cluster.now },
      first: "cib-bootstrap-options",
    },
    cluster.options,
  );
  reportInvalidOptions(cluster);
  if (booleanOption(cluster.options, "have-watchdog")) cluster.haveFencing = true;
  cluster.settings = settingsFrom(cluster);
  cluster.healthScores = healthScores(cluster);
}

function settingsFrom(cluster: Cluster): Settings {
  const is = (name: string): boolean => booleanOption(cluster.options, name);
  const ms = (name: string): number => durationOption(cluster.options, name);
  const quorate = booleanOr(attribute(cluster.input, "have-quorum"), false);
  const fencingEnabled = is("fencing-enabled");
  const shutdownLock = is("shutdown-lock");
  return {
    quorate,
    noQuorumPolicy: noQuorumPolicy(cluster, quorate, fencingEnabled),
    symmetric: is("symmetric-cluster"),
    maintenance: is("maintenance-mode"),
    fencingEnabled,
    fencingAction: fencingAction(cluster),
    startupFencing: fencingEnabled && is("startup-fencing"),
    concurrentFencing: is("concurrent-fencing"),
    priorityFencingDelayMs: ms("priority-fencing-delay"),
    unfencing: usesUnfencing(cluster.input),
    stopRemoved: is("stop-removed-resources"),
    cancelRemoved: is("cancel-removed-actions"),
    stopAll: is("stop-all-resources"),
    startFailureFatal: is("start-failure-is-fatal"),
    shutdownLock,
    shutdownLockMs: shutdownLock ? ms("shutdown-lock-limit") : 0,
    probes: is("enable-startup-probes"),
    fenceRemoteWithoutQuorum: is("fence-remote-without-quorum"),
    nodePendingMs: ms("node-pending-timeout"),
    placementStrategy: clusterOption(cluster, "placement-strategy"),
  };
}

/** The old option's "poweroff" is called "off" today; under today's name it is no value. */
function fencingAction(cluster: Cluster): string {
  const value = clusterOption(cluster, "fencing-action");
  if (value !== "poweroff") return value;
  return cluster.options.has("fencing-action") ? "reboot" : "off";
}

/** Nodes fence themselves without quorum only if fencing is on and they had quorum once. */
function noQuorumPolicy(
  cluster: Cluster,
  quorate: boolean,
  fencingEnabled: boolean,
): NoQuorumPolicy {
  const value = clusterOption(cluster, "no-quorum-policy");
  if (value !== "fence" && value !== "suicide") return value as NoQuorumPolicy;
  if (!fencingEnabled) {
    configError(cluster, "no-quorum-policy=fence needs fencing, taking stop");
    return "stop";
  }
  const panic = (scanInteger(attribute(cluster.input, "no-quorum-panic")) ?? 0) !== 0;
  return panic || quorate ? "fence" : "stop";
}

/** Whether any resource, or the defaults, provide or require unfencing. */
function usesUnfencing(cib: XmlElement): boolean {
  const configuration = cib.children.find((each) => each.name === "configuration");
  for (const section of configuration?.children ?? []) {
    if (section.name !== "resources" && section.name !== "rsc_defaults") continue;
    if (section.children.some(mentionsUnfencing)) return true;
  }
  return false;
}

function mentionsUnfencing(element: XmlElement): boolean {
  if (element.name !== "meta_attributes") return element.children.some(mentionsUnfencing);
  return element.children.some((pair) => {
    const name = attribute(pair, "name");
    if (name !== "provides" && name !== "requires") return false;
    return pair.name === "nvpair" && attribute(pair, "value") === "unfencing";
  });
}

function healthScores(cluster: Cluster): Cluster["healthScores"] {
  const option = (name: "red" | "yellow" | "green"): number =>
    scoreOr(clusterOption(cluster, `node-health-${name}`), 0);
  switch (clusterOption(cluster, "node-health-strategy")) {
    case "none":
      return { red: 0, yellow: 0, green: 0 };
    case "migrate-on-red":
      return { red: -infinity, yellow: 0, green: 0 };
    case "only-green":
      return { red: -infinity, yellow: -infinity, green: 0 };
    default:
      return { red: option("red"), yellow: option("yellow"), green: option("green") };
  }
}
