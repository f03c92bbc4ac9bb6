/** The steps that bring a resource up and down, attach and connect it. */
import { UserError } from "../../api/user-error.ts";
import type {
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import { askDisk, reachDisk } from "./disk-client.ts";
import { runDrbdmeta } from "./run-drbdmeta.ts";
import type { Selected } from "./selection.ts";
import { attachWords, connectWords, metaWords, setup } from "./setup-words.ts";
import { startServer } from "./start-server.ts";
import { notUp, type Plan, type Step } from "./step.ts";

/** The stages of `up`: first all disk servers, then all disks, then all connections. */
export function upPlan(selected: readonly Selected[]): Plan {
  return [
    selected.flatMap(({ resource }) => newResourceSteps(resource)),
    selected.flatMap(({ resource, volumes }) => attachSteps(resource, volumes, "if-needed")),
    selected.map(({ resource }) =>
      connectStep(resource, { ifNeeded: true, words: [], params: {} }),
    ),
  ];
}

function newResourceSteps(resource: DrbdResourceConfig): readonly Step[] {
  const { name } = resource;
  return [
    { resource: name, words: setup("new-resource", name), run: () => makeServed(resource) },
    ...resource.volumes.map((volume) => ({
      resource: name,
      words: setup("new-minor", name, volume.minor, volume.number),
      run: undefined,
    })),
  ];
}

/** Starts the disk server; one that runs gets the configuration as it is now. */
async function makeServed(resource: DrbdResourceConfig): Promise<number> {
  const running = await askDisk(resource.name, "adjust", { config: resource });
  if (running === undefined) {
    await startServer(resource);
    return 0;
  }
  if (running.needsRestart.length === 0) return 0;
  throw new UserError(
    "HF2150",
    `the configuration of ${resource.name} differs from the running one in ${running.needsRestart.join(", ")}`,
    {
      exit: 10,
      remedy: `Take it down and up again: drbdadm down ${resource.name}; drbdadm up ${resource.name}.`,
    },
  );
}

export function attachSteps(
  { name }: DrbdResourceConfig,
  volumes: readonly DrbdVolumeConfig[],
  when: "always" | "if-needed",
): readonly Step[] {
  return volumes.flatMap((volume) => [
    // The disk server replays the activity log by itself when it attaches.
    { resource: name, words: metaWords(volume, "apply-al"), run: undefined },
    {
      resource: name,
      words: attachWords(volume),
      run: async () => {
        if (when === "if-needed" && (await isAttached(name, volume))) return 0;
        return control(name, "attach", { volume: volume.number });
      },
    },
  ]);
}

async function isAttached(resource: string, volume: DrbdVolumeConfig): Promise<boolean> {
  const status = await askDisk(resource, "status", {});
  const one = status?.volumes.find((each) => each.volume === volume.number);
  return one !== undefined && one.disk !== "Diskless";
}

export function connectStep(
  resource: DrbdResourceConfig,
  options: {
    readonly ifNeeded: boolean;
    readonly words: readonly string[];
    readonly params: { readonly discardMyData?: boolean; readonly tentative?: boolean };
  },
): Step {
  const { name } = resource;
  return {
    resource: name,
    words: [...connectWords(resource), ...options.words],
    run: async () => {
      if (options.ifNeeded) {
        const status = await askDisk(name, "status", {});
        if (status !== undefined && status.connection.state !== "StandAlone") return 0;
      }
      return control(name, "connect", options.params);
    },
  };
}

export function downPlan(selected: readonly Selected[]): Plan {
  return [
    selected.map(({ resource: { name } }) => ({
      resource: name,
      words: setup("down", name),
      run: () => shutDown(name),
    })),
  ];
}

/** Until the disk server has gone. One that is not there is down already. */
async function shutDown(resource: string): Promise<number> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return 0;
  const isGone = new Promise<void>((resolve) => connection.onClose(resolve));
  try {
    await connection.request("shutdown", {});
  } catch (error) {
    connection.close();
    throw error;
  }
  await isGone;
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
