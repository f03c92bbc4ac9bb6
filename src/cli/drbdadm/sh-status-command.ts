/** `drbdadm sh-status`, for scripts. */
import { shStatus } from "../../view/drbd/sh-status.ts";
import type { LoadedConf } from "../drbd-conf/load-drbd-conf.ts";
import { version } from "../version/version.ts";
import { askDisk } from "./disk-client.ts";

export async function shStatusText(loaded: LoadedConf): Promise<string> {
  const resources = await Promise.all(
    loaded.view.resources.map(async ({ name, place, volumes }) => ({
      name,
      place: `${place.file}:${place.line}`,
      volumes,
      status: await askDisk(name, "status", {}),
    })),
  );
  return shStatus(resources, { version, file: loaded.conf.file });
}
