/**
 * What `adjust` has to do: the commands by which the real drbdadm would lead the running resource to what drbd.conf
 * says, in its order (specification section 16.5; compared with drbdadm of 8.4 in test/compat/drbdadm-adjust.test.ts).
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type {
  DrbdResourceConfig,
  DrbdSetOption,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import { addressWords, optionWords, setup } from "../../formats/drbd-conf/setup-words.ts";

export type Running = {
  /** With which it runs. */
  readonly config: DrbdResourceConfig;
  readonly status: DiskResourceStatus;
};

export type Difference = {
  /** What is taken away and made before disks are attached. */
  readonly changes: readonly (readonly string[])[];
  /** In the order of the volumes: options that change, or a disk to attach. */
  readonly disks: readonly (readonly string[] | DrbdVolumeConfig)[];
  readonly net: readonly (readonly string[])[];
  readonly connect: boolean;
};

export function adjustDifference(wanted: DrbdResourceConfig, running: Running): Difference {
  const { config } = running;
  const removals: (readonly string[])[] = [];
  const creations: (readonly string[])[] = [];
  const disks: (readonly string[] | DrbdVolumeConfig)[] = [];
  for (const old of config.volumes) {
    const volume = wanted.volumes.find((each) => each.number === old.number);
    if (volume !== undefined && volume.minor === old.minor) continue;
    if (isAttached(old, running)) removals.push(setup("detach", old.minor));
    removals.push(setup("del-minor", old.minor));
  }
  for (const volume of wanted.volumes) {
    const old = config.volumes.find(
      (each) => each.number === volume.number && each.minor === volume.minor,
    );
    if (old === undefined) {
      creations.push(setup("new-minor", wanted.name, volume.minor, volume.number));
      disks.push(volume);
    } else if (!isAttached(old, running)) disks.push(volume);
    else if (!sameDisk(volume, old)) {
      removals.push(setup("detach", volume.minor));
      disks.push(volume);
    } else if (!sameOptions(volume.set, old.set)) {
      const words = optionWords(volume.set);
      disks.push(setup("disk-options", volume.minor, "--set-defaults", ...words));
    }
  }
  return {
    changes: [...removals, ...creations, ...resourceOptions(wanted, config)],
    disks,
    ...netDifference(wanted, running),
  };
}

export function isNothing({ changes, disks, net, connect }: Difference): boolean {
  return changes.length === 0 && disks.length === 0 && net.length === 0 && !connect;
}

function resourceOptions(
  wanted: DrbdResourceConfig,
  old: DrbdResourceConfig,
): readonly (readonly string[])[] {
  if (sameOptions(wanted.set.options, old.set.options)) return [];
  const words = optionWords(wanted.set.options);
  return [setup("resource-options", wanted.name, "--set-defaults", ...words)];
}

function netDifference(
  wanted: DrbdResourceConfig,
  { config, status }: Running,
): Pick<Difference, "net" | "connect"> {
  if (status.connection.state === "StandAlone") return { net: [], connect: true };
  if (addressWords(wanted).join() !== addressWords(config).join())
    return { net: [setup("disconnect", ...addressWords(config))], connect: true };
  if (sameOptions(wanted.set.net, config.set.net)) return { net: [], connect: false };
  const words = [...addressWords(wanted), "--set-defaults", ...optionWords(wanted.set.net)];
  return { net: [setup("net-options", ...words)], connect: false };
}

function isAttached(volume: DrbdVolumeConfig, { status }: Running): boolean {
  const one = status.volumes.find((each) => each.volume === volume.number);
  return one !== undefined && one.disk !== "Diskless";
}

function sameDisk(one: DrbdVolumeConfig, other: DrbdVolumeConfig): boolean {
  return one.disk === other.disk && JSON.stringify(one.metaDisk) === JSON.stringify(other.metaDisk);
}

/** The last of several with one name counts; the order does not. */
function sameOptions(one: readonly DrbdSetOption[], other: readonly DrbdSetOption[]): boolean {
  const values = (options: readonly DrbdSetOption[]): string =>
    JSON.stringify(
      [...new Map(options.map(({ name, value }) => [name, value]))].sort(([a], [b]) =>
        a < b ? -1 : 1,
      ),
    );
  return values(one) === values(other);
}
