import { Prng } from "../../base/prng.ts";
import { instant } from "../../base/time.ts";
import { DrbdResource } from "../../core/replication/drbd-resource.ts";
import type { Past } from "../../core/replication/roles/past.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ServedMachine } from "./disk-server.ts";
import { diskStatus } from "./disk-status.ts";
import { nativeDigest } from "./native-digest.ts";
import { resourceSettings } from "./resource-settings.ts";

/** @param seed all of the machine's chance: from the kernel, never the same twice. */
export function makeMachine(config: DrbdResourceConfig, seed: bigint, past?: Past): ServedMachine {
  const now = instant(performance.now());
  const resource = new DrbdResource(resourceSettings(config), new Prng(seed), now, {
    digest: nativeDigest,
    past,
  });
  return {
    handle: (event, at) => resource.handle(event, at),
    nextDeadline: () => resource.nextDeadline(),
    readsLocally: (volume, offset, length) => resource.readsLocally(volume, offset, length),
    changedBlocks: (of) => resource.changedBlocks(of),
    status: () => diskStatus(resource.status(), config),
  };
}
