/** Cluster options, defaults and the quorum. */
import {
  attribute,
  element,
  withAttributes,
  withChildren,
} from "../../../../src/formats/xml/xml-element.ts";
import { oldNames } from "../older-pacemaker.ts";
import {
  type Choice,
  inSection,
  type Mutation,
  pickChoice,
  setInBlock,
  setPair,
} from "./change-tree.ts";

const booleans = ["true", "false"];
const clusterOptions: readonly Choice[] = [
  ["fencing-enabled", booleans],
  ["no-quorum-policy", ["stop", "ignore", "freeze", "demote", "fence"]],
  ["symmetric-cluster", booleans],
  ["maintenance-mode", booleans],
  ["stop-all-resources", ["true"]],
  ["start-failure-is-fatal", booleans],
  ["startup-fencing", booleans],
  ["fencing-action", ["reboot", "off"]],
  ["stop-removed-resources", booleans],
  ["cancel-removed-actions", booleans],
  ["concurrent-fencing", booleans],
  ["have-watchdog", ["true"]],
  ["fence-remote-without-quorum", ["true"]],
  ["enable-startup-probes", ["false"]],
  ["node-pending-timeout", ["1", "2h"]],
];
const placement: readonly Choice[] = [
  ["placement-strategy", ["default", "utilization", "minimal", "balanced"]],
];
const health: readonly Choice[] = [
  ["node-health-strategy", ["migrate-on-red", "only-green", "progressive", "custom"]],
  ["node-health-yellow", ["-10", "-INFINITY"]],
  ["node-health-green", ["10"]],
  ["node-health-base", ["100"]],
];
const delays: readonly Choice[] = [
  ["priority-fencing-delay", ["15s"]],
  ["shutdown-lock", ["true"]],
  ["shutdown-lock-limit", ["5", "1h"]],
];
const defaults: readonly Choice[] = [
  ["resource-stickiness", ["0", "1", "100", "INFINITY"]],
  ["migration-threshold", ["1", "3"]],
  ["failure-timeout", ["1", "1h"]],
  ["is-managed", ["false"]],
  ["allow-migrate", ["true"]],
  ["target-role", ["Stopped"]],
  ["multiple-active", ["block", "stop_only"]],
];
const opDefaults: readonly Choice[] = [
  ["on-fail", ["ignore", "block", "stop", "restart", "fence", "standby"]],
  ["timeout", ["33s"]],
  ["enabled", ["false"]],
];

export const optionMutations: readonly Mutation[] = [
  option("option", clusterOptions),
  option("utilization", placement),
  option("health", health),
  option("delay or lock", delays),
  {
    feature: "defaults",
    change: (cib, prng) => setDefault(cib, "rsc_defaults", pickChoice(prng.pick(defaults), prng)),
  },
  {
    feature: "defaults",
    change: (cib, prng) => setDefault(cib, "op_defaults", pickChoice(prng.pick(opDefaults), prng)),
  },
  {
    feature: "quorum",
    change: (cib, prng) => withAttributes(cib, { "have-quorum": prng.pick(["0", "1"]) }),
  },
];

function option(feature: string, choices: readonly Choice[]): Mutation {
  return {
    feature,
    change: (cib, prng) => {
      const [name, value] = pickChoice(prng.pick(choices), prng);
      return inSection(cib, "crm_config", (section) => {
        const [first, ...others] = section.children;
        const set = first ?? element("cluster_property_set", { id: "cib-bootstrap-options" });
        // Two names for one option would leave it open which of them counts.
        const rest = set.children.filter((each) => attribute(each, "name") !== oldNames[name]);
        return withChildren(section, [setPair(withChildren(set, rest), name, value), ...others]);
      });
    },
  };
}

function setDefault(
  cib: Parameters<typeof inSection>[0],
  section: string,
  chosen: readonly [string, string],
): ReturnType<typeof inSection> {
  return inSection(cib, section, (old) => setInBlock(old, "meta_attributes", chosen));
}
