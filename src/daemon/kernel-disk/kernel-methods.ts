/** The control protocol of a disk server (src/api/disk-protocol.ts) for a resource of the kernel's. */
import type { DiskMethods, KernelDiskMethods } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlClient, ControlMethod } from "../../host/control/control-server.ts";
import { flagParam, numberParam, type Params, wordParam } from "../disk-server/request-params.ts";
import type { KernelDisk } from "./kernel-disk.ts";
import type { KernelFencing } from "./kernel-fencing.ts";

export type KernelHost = {
  readonly disk: KernelDisk;
  readonly fencing: KernelFencing;
  watch(client: ControlClient): void;
  /** Refused while a client has a volume open. */
  demote(): Promise<void>;
  keepConfig(config: DrbdResourceConfig): void;
  shutdown(force: boolean): Promise<void>;
  /** Ends the process, not the kernel's resource: another process is started for it. */
  leaveToNext(): void;
};

const policies = ["dont-care", "resource-only", "resource-and-stonith"] as const;

export function kernelMethods(
  host: KernelHost,
): Readonly<Record<keyof DiskMethods | keyof KernelDiskMethods, ControlMethod>> {
  const { disk, fencing } = host;
  const onVolume =
    (command: string) =>
    (params: Params): Promise<void> =>
      disk.onVolume(command, numberParam(params, "volume"));
  return {
    status: () => disk.status(),
    watch: (_params, client) => {
      host.watch(client);
      return disk.status();
    },
    show: () => disk.config,
    attach: (params) => disk.attach(numberParam(params, "volume")),
    detach: (params) =>
      disk.onVolume("detach", numberParam(params, "volume"), given(params, "force")),
    connect: (params) =>
      disk.connect([
        ...given(params, "discardMyData", "discard-my-data"),
        ...given(params, "tentative"),
      ]),
    disconnect: (params) => disk.disconnect(flagParam(params, "force")),
    primary: (params) => disk.primary(flagParam(params, "force")),
    secondary: () => host.demote(),
    invalidate: onVolume("invalidate"),
    "invalidate-remote": onVolume("invalidate-remote"),
    outdate: onVolume("outdate"),
    verify: (params) =>
      disk.onVolume("verify", numberParam(params, "volume"), [
        ...sector(params, "startSector", "start"),
        ...sector(params, "stopSector", "stop"),
      ]),
    "pause-sync": onVolume("pause-sync"),
    "resume-sync": onVolume("resume-sync"),
    "suspend-io": () => disk.onAll("suspend-io"),
    "resume-io": () => disk.onAll("resume-io"),
    "new-current-uuid": (params) =>
      disk.onVolume(
        "new-current-uuid",
        numberParam(params, "volume"),
        given(params, "clearBitmap", "clear-bitmap"),
      ),
    resize: (params) =>
      disk.onVolume("resize", numberParam(params, "volume"), [
        ...sector(params, "sizeSectors", "size"),
        ...given(params, "assumeClean", "assume-clean"),
        ...given(params, "assumePeerHasSpace", "assume-peer-has-space"),
      ]),
    "check-resize": onVolume("check-resize"),
    "two-primaries-window": (params) => disk.moveWindow(flagParam(params, "open")),
    // The kernel finds it out by itself, within ping-timeout.
    "peer-lost": () => null,
    fencing: (params) =>
      disk.onAll("disk-options", [`--fencing=${wordParam(params, "policy", policies)}`]),
    "serve-fencing": (_params, client) => fencing.serve(client),
    "fence-verdict": (params) =>
      fencing.onVerdict(numberParam(params, "request"), numberParam(params, "exitCode")),
    "ask-fencing": async () => ({ exitCode: await fencing.ask(true) }),
    ...splitBrainMethods,
    adjust: async (params) => {
      const adjusted = await disk.adjust(params["config"] as DrbdResourceConfig);
      if (adjusted.needsRestart.length === 0) host.keepConfig(disk.config);
      return adjusted;
    },
    // The kernel goes on beside a restart, and so does what its clients wait for: nothing has to be taken down.
    shutdown: (params) =>
      flagParam(params, "clientsReturn")
        ? host.leaveToNext()
        : host.shutdown(flagParam(params, "force")),
  };
}

/** After a split brain the kernel's own words are the only ones. */
const splitBrainMethods = {
  "undo-list": () => [],
  "after-split-brain": () => notHere("take a person's word about a split brain"),
  "changed-blocks": () => notHere("tell which blocks have changed"),
  "undo-collect": () => notHere("save what is given up"),
  "undo-save": () => notHere("save what is given up"),
  "undo-forget": () => notHere("delete what was given up"),
  "undo-seal": () => notHere("save what is given up"),
  "undo-apply": () => notHere("bring back what was given up"),
} as const;

function notHere(what: string): never {
  throw new UserError("HF2152", `the kernel's DRBD cannot ${what}`, {
    exit: 20,
    remedy:
      "drbdadm connect --discard-my-data on the node whose writes are given up; or put the resource on engine holdfast, on that node at least.",
  });
}

/** A flag as an option of drbdsetup's. */
function given(params: Params, name: string, option: string = name): readonly string[] {
  return flagParam(params, name) ? [`--${option}`] : [];
}

/** drbdsetup counts in sectors when it is told so. */
function sector(params: Params, name: string, option: string): readonly string[] {
  return params[name] === undefined ? [] : [`--${option}=${numberParam(params, name)}s`];
}
