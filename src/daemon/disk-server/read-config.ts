/** The configuration that a disk server is started with: from the one who starts it, or as the last one kept it. */
import { readFileSync } from "node:fs";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";

/** @throws UserError HF2147 when there is none, or it is not one for this resource. */
export function readConfig(resource: string, fromStdin: boolean): DrbdResourceConfig {
  const file = diskPaths(resource).config;
  const where = fromStdin ? "the standard input" : file;
  const broken = (why: string, cause?: unknown): UserError =>
    new UserError("HF2147", `no configuration of ${resource} in ${where}: ${why}`, {
      exit: 10,
      remedy: `Start it by: drbdadm up ${resource}.`,
      cause,
    });
  let config: DrbdResourceConfig;
  try {
    config = JSON.parse(readFileSync(fromStdin ? 0 : file, "utf8")) as DrbdResourceConfig;
  } catch (cause) {
    throw broken((cause as Error).message, cause);
  }
  if (config?.name !== resource) throw broken("it is another resource's");
  return config;
}
