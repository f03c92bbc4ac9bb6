/** `drbdadm sh-status`: what the resources are and how they are, as assignments for a shell. Specification section 16.2. */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import { inSyncPercent } from "./status-words.ts";

export type ShResource = {
  readonly name: string;
  /** FILE:LINE */
  readonly place: string;
  readonly volumes: readonly { readonly number: number; readonly minor: number }[];
  /** Undefined when it is not up. */
  readonly status: DiskResourceStatus | undefined;
};

export function shStatus(
  resources: readonly ShResource[],
  options: { readonly version: string; readonly file: string },
): string {
  const head = assignments({
    drbd_version: options.version,
    drbd_api: "1",
    config_file: options.file,
  });
  return `${head}\n\n${resources.map(resourceText).join("")}`;
}

function resourceText(resource: ShResource): string {
  const { name, place, volumes, status } = resource;
  const head = `${assignments({ conf_res_name: name, conf_file_line: place })}\n`;
  const stacked = assignments({ stacked_on: "", stacked_on_device: "", stacked_on_minor: "" });
  const blocks = volumes.map(({ number, minor }) => {
    const volume = status?.volumes.find((one) => one.volume === number);
    const known =
      status === undefined || volume === undefined
        ? assignments({ known: "Unconfigured" })
        : knownText(status, volume);
    const place = { conf_volume: String(number), minor: String(minor) };
    return `${assignments({ ...place, res_name: name, volume: String(number) })}${known}\n_sh_status_process\n\n\n`;
  });
  return head + stacked + blocks.join("");
}

function knownText(status: DiskResourceStatus, volume: DiskVolumeStatus): string {
  const { suspended, connection } = status;
  const { dependency, peer, user } = volume.resyncSuspended;
  const flag = (value: boolean): string => (value ? "1" : "");
  return [
    assignments({ known: "Configured" }),
    assignments({
      cstate: volume.connectionState,
      role: status.role,
      peer: connection.peerRole,
      disk: volume.disk,
      pdsk: volume.peerDisk,
    }),
    assignments({
      flags_susp: flag(suspended.user || suspended.noData || suspended.fencing),
      flags_aftr_isp: flag(dependency),
      flags_peer_isp: flag(peer),
      flags_user_isp: flag(user),
    }),
    assignments({
      resynced_percent: volume.resync === undefined ? "" : inSyncPercent(volume).toFixed(1),
    }),
  ].join("\n");
}

/** Each with the underscore that keeps them apart from a script's own. */
function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => `_${name}=${/^[a-zA-Z0-9./:_-]*$/.test(value) ? value : `'${value}'`}\n`,
    )
    .join("");
}
