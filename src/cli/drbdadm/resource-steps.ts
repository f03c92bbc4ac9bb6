/** The steps that bring a resource up and down, attach and connect it. */
import type {
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import {
  attachWords,
  connectWords,
  metaWords,
  optionWords,
  setup,
} from "../../formats/drbd-conf/setup-words.ts";
import { askDisk } from "./disk-client.ts";
import { handOver, serve, shutDown } from "./hand-over.ts";
import { runDrbdmeta } from "./run-drbdmeta.ts";
import type { Selected } from "./selection.ts";
import { notUp, type Plan, type Step } from "./step.ts";

/** The stages of `up`: first all disk servers, then all disks, then all connections. */
export function upPlan(selected: readonly Selected[]): Plan {
  return [
    selected.flatMap(({ resource }) => newResourceSteps(resource)),
    selected.flatMap(({ resource, volumes }) => attachSteps(resource, volumes, { ifNeeded: true })),
    selected.map(({ resource }) => connectStep(resource, { ifNeeded: true })),
  ];
}

export function newResourceSteps(resource: DrbdResourceConfig): readonly Step[] {
  const { name } = resource;
  return [
    {
      resource: name,
      words: setup("new-resource", name, ...optionWords(resource.set.options)),
      run: () => done(serve(resource)),
    },
    ...resource.volumes.map((volume) => ({
      resource: name,
      words: setup("new-minor", name, volume.minor, volume.number),
      run: undefined,
    })),
  ];
}

export type AttachOptions = {
  /** Only what is not attached yet; then the server has its configuration already. */
  readonly ifNeeded: boolean;
  /** The command's own options, behind those of the file. */
  readonly words?: readonly string[];
  readonly change?: (config: DrbdResourceConfig) => DrbdResourceConfig;
};

export function attachSteps(
  resource: DrbdResourceConfig,
  volumes: readonly DrbdVolumeConfig[],
  options: AttachOptions,
): readonly Step[] {
  const { name } = resource;
  const { ifNeeded, words = [], change = (config) => config } = options;
  return volumes.flatMap((volume) => [
    // The disk server replays the activity log by itself when it attaches.
    { resource: name, words: metaWords(volume, "apply-al"), run: undefined },
    {
      resource: name,
      words: [...attachWords(volume), ...words],
      run: async () => {
        if (ifNeeded && (await isAttached(name, volume))) return 0;
        if (
          !ifNeeded &&
          !(await handOverPart(name, (running) => change(withVolume(running, volume))))
        )
          return notUp;
        return control(name, "attach", { volume: volume.number });
      },
    },
  ]);
}

/** The server runs on with what it has, but for the part that the command is about. */
async function handOverPart(
  name: string,
  change: (running: DrbdResourceConfig) => DrbdResourceConfig,
): Promise<boolean> {
  const running = (await askDisk(name, "show", {})) as DrbdResourceConfig | undefined;
  if (running === undefined) return false;
  await handOver(change(running));
  return true;
}

function withVolume(running: DrbdResourceConfig, volume: DrbdVolumeConfig): DrbdResourceConfig {
  const volumes = running.volumes.map((one) => (one.number === volume.number ? volume : one));
  return { ...running, volumes };
}

async function isAttached(resource: string, volume: DrbdVolumeConfig): Promise<boolean> {
  const status = await askDisk(resource, "status", {});
  const one = status?.volumes.find((each) => each.volume === volume.number);
  return one !== undefined && one.disk !== "Diskless";
}

export type ConnectOptions = {
  /** Not if it is connected, or tries to; then the server has its configuration already. */
  readonly ifNeeded: boolean;
  readonly words?: readonly string[];
  readonly params?: { readonly discardMyData?: boolean; readonly tentative?: boolean };
  readonly change?: (config: DrbdResourceConfig) => DrbdResourceConfig;
};

export function connectStep(resource: DrbdResourceConfig, options: ConnectOptions): Step {
  const { name } = resource;
  const { ifNeeded, words = [], params = {}, change = (config) => config } = options;
  return {
    resource: name,
    words: [...connectWords(resource), ...words],
    run: async () => {
      if (ifNeeded) {
        const status = await askDisk(name, "status", {});
        if (status !== undefined && status.connection.state !== "StandAlone") return 0;
      } else if (!(await handOverPart(name, (running) => change(withNet(running, resource)))))
        return notUp;
      return control(name, "connect", params);
    },
  };
}

function withNet(
  running: DrbdResourceConfig,
  { net, set }: DrbdResourceConfig,
): DrbdResourceConfig {
  return { ...running, net, set: { ...running.set, net: set.net } };
}

export function downPlan(selected: readonly Selected[]): Plan {
  return [
    selected.map(({ resource: { name } }) => ({
      resource: name,
      words: setup("down", name),
      run: () => done(shutDown(name)),
    })),
  ];
}

async function done(work: Promise<void>): Promise<number> {
  await work;
  return 0;
}

/** A request to the resource's disk server; `notUp` when there is none. */
export async function control(
  resource: string,
  method: Parameters<typeof askDisk>[1],
  params: Parameters<typeof askDisk>[2],
): Promise<number> {
  return (await askDisk(resource, method, params)) === undefined ? notUp : 0;
}

/** What drbdmeta does on a volume's metadata. */
export function metaStep(
  resource: string,
  volume: DrbdVolumeConfig,
  command: readonly string[],
): Step {
  const [name = "", ...options] = command;
  const words = metaWords(volume, name, ...options);
  return { resource, words, run: () => runDrbdmeta(words.slice(1)) };
}
