/**
 * Refuses volumes that would wait for one another's resync for ever. What other resources wait for is asked of their
 * disk servers; one that nobody serves is nothing to wait for, and is the one to be refused when it comes.
 */
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import {
  describeCircle,
  followResyncAfter,
  type VolumeName,
} from "../../formats/drbd-conf/resync-after-circle.ts";
import { controlRequest } from "../../host/control/control-client.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";

type After = ReadonlyMap<number, VolumeName | undefined>;

/** @throws UserError HF2167 with the circle, if one of these volumes of the resource is in it. */
export async function requireNoCircle(
  config: Pick<DrbdResourceConfig, "name" | "volumes">,
  volumes: readonly number[],
  show: (resource: string) => Promise<DrbdResourceConfig> = showOfServer,
): Promise<void> {
  const known = new Map<string, After>([[config.name, afterOf(config)]]);
  for (const volume of volumes) {
    const from = { resource: config.name, volume };
    for (;;) {
      const way = followResyncAfter(from, (resource) => known.get(resource));
      if (way.kind === "ends") break;
      if (way.kind === "circle") throw refusal(way.volumes);
      known.set(way.resource, await afterOfOther(way.resource, show));
    }
  }
}

function refusal(volumes: readonly VolumeName[]): UserError {
  return new UserError(
    "HF2167",
    `This would cause a resync-after dependency cycle: ${describeCircle(volumes)}`,
    {
      exit: 10,
      remedy: "None of them would ever sync: remove one `resync-after` of these from drbd.conf.",
    },
  );
}

async function afterOfOther(
  resource: string,
  show: (resource: string) => Promise<DrbdResourceConfig>,
): Promise<After> {
  try {
    return afterOf(await show(resource));
  } catch {
    return new Map();
  }
}

function afterOf({ volumes }: Pick<DrbdResourceConfig, "volumes">): After {
  return new Map(volumes.map(({ number, options }) => [number, options.resyncAfter]));
}

async function showOfServer(resource: string): Promise<DrbdResourceConfig> {
  const { controlSocket } = diskPaths(resource);
  return (await controlRequest(controlSocket, "the disk server", "show")) as DrbdResourceConfig;
}
