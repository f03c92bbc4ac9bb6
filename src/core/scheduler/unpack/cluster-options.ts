/** Cluster options as this run sees them, and which of them are set to something that is not valid. */
import {
  clusterOptions,
  isValidOption,
  optionNamed,
  textOption,
} from "../../cib/read/cluster-options.ts";
import { configError } from "../model/issues.ts";
import type { Cluster } from "../model/types.ts";

/** The option's valid value or its default. */
export function clusterOption(cluster: Cluster, name: string): string {
  return textOption(cluster.options, name) ?? "";
}

export function reportInvalidOptions(cluster: Cluster): void {
  for (const [given, value] of cluster.options) {
    const name = optionNamed(given);
    const option = name === undefined ? undefined : clusterOptions[name];
    if (option === undefined || isValidOption(option, value)) continue;
    configError(
      cluster,
      `cluster option ${given}: '${value}' is not valid, taking ${option.default ?? "none"}`,
    );
  }
}
