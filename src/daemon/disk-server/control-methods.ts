/** What a disk server does when it is asked (src/api/disk-protocol.ts). */
import type { DiskAdjusted, DiskMethods } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import type { AdminCommand } from "../../core/replication/events.ts";
import { defaultNetSettings, type FencingPolicy } from "../../core/replication/settings.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { adjust } from "./adjust.ts";
import { demote, demoteAndTakeAway } from "./demotion.ts";
import { probeListen } from "./probe-listen.ts";
import {
  flagParam,
  numberParam,
  numbersParam,
  type Params,
  textParam,
  wordParam,
} from "./request-params.ts";
import { netSettings } from "./resource-settings.ts";
import { requireNoCircle } from "./resync-circle.ts";
import type { ServerProcess } from "./server-process.ts";
import type { UndoDesk } from "./undo/undo-desk.ts";

const policies: readonly FencingPolicy[] = ["dont-care", "resource-only", "resource-and-stonith"];

export function controlMethods(
  host: ServerProcess,
): Readonly<Record<keyof DiskMethods, ControlMethod>> {
  const { server } = host;
  const run = (command: AdminCommand): Promise<void> => server.admin.run(command);
  const onVolume =
    (name: "invalidate" | "invalidate-remote" | "outdate" | "pause-sync" | "resume-sync") =>
    (params: Params): Promise<void> =>
      run({ name, volume: numberParam(params, "volume") });
  return {
    status: () => server.status(),
    watch: (_params, client) => {
      server.feed.add(client);
      return server.status();
    },
    show: () => host.config,
    attach: (params) => attach(host, numberParam(params, "volume")),
    detach: (params) => server.detach(numberParam(params, "volume"), flagParam(params, "force")),
    connect: (params) => connect(host, params),
    disconnect: (params) => run({ name: "disconnect", force: flagParam(params, "force") }),
    primary: (params) => run({ name: "primary", force: flagParam(params, "force") }),
    secondary: (params) =>
      flagParam(params, "takeAway")
        ? demoteAndTakeAway(server, host.config)
        : demote(server, host.config),
    invalidate: onVolume("invalidate"),
    "invalidate-remote": onVolume("invalidate-remote"),
    outdate: onVolume("outdate"),
    verify: (params) => verify(host, params),
    "pause-sync": onVolume("pause-sync"),
    "resume-sync": onVolume("resume-sync"),
    resize: (params) =>
      run({
        name: "resize",
        volume: numberParam(params, "volume"),
        userSectors: params["sizeSectors"] === undefined ? 0 : numberParam(params, "sizeSectors"),
        assumeClean: flagParam(params, "assumeClean"),
        assumePeerHasSpace: flagParam(params, "assumePeerHasSpace"),
      }),
    "check-resize": (params) => void numberParam(params, "volume"),
    "suspend-io": () => run({ name: "suspend-io" }),
    "resume-io": () => run({ name: "resume-io" }),
    "new-current-uuid": (params) =>
      run({
        name: "new-current-uuid",
        volume: numberParam(params, "volume"),
        clearBitmap: flagParam(params, "clearBitmap"),
      }),
    "two-primaries-window": (params) =>
      run({ name: "two-primaries-window", open: flagParam(params, "open") }),
    "peer-lost": () => server.hintPeerLost(),
    fencing: (params) => setFencing(host, wordParam(params, "policy", policies)),
    "serve-fencing": (_params, client) => server.fencing.serve(client),
    "fence-verdict": (params) =>
      server.fencing.onVerdict(numberParam(params, "request"), numberParam(params, "exitCode")),
    "after-split-brain": (params) =>
      decideBy(host, wordParam(params, "by", ["policy", "hand"] as const)),
    ...undoMethods(server.undo),
    adjust: (params) => adjustTo(host, params["config"] as DrbdResourceConfig),
    shutdown: (params) =>
      host.shutdown({
        force: flagParam(params, "force"),
        clientsReturn: flagParam(params, "clientsReturn"),
      }),
  };
}

async function decideBy({ server, config }: ServerProcess, by: "policy" | "hand"): Promise<void> {
  const { afterSb0pri, afterSb1pri, afterSb2pri } =
    by === "policy" ? netSettings(config.net) : defaultNetSettings;
  await server.admin.run({
    name: "net-options",
    change: { afterSb0pri, afterSb1pri, afterSb2pri },
  });
}

type UndoMethod =
  | "changed-blocks"
  | `undo-${"collect" | "save" | "seal" | "list" | "forget" | "apply"}`;

function undoMethods(undo: UndoDesk): Readonly<Record<UndoMethod, ControlMethod>> {
  return {
    "changed-blocks": (params) =>
      undo.changedBlocks(numberParam(params, "volume"), numberParam(params, "from")),
    "undo-collect": (params) =>
      undo.collect(
        numberParam(params, "volume"),
        numbersParam(params, "runs"),
        flagParam(params, "first"),
      ),
    "undo-save": (params) =>
      undo.save(numberParam(params, "volume"), {
        peerCurrent: textParam(params, "peerCurrent"),
        reason: textParam(params, "reason"),
      }),
    "undo-seal": (params) =>
      undo.seal(textParam(params, "file"), flagParam(params, "usedMeanwhile")),
    "undo-list": () => undo.list(),
    "undo-forget": (params) => undo.forget(textParam(params, "file")),
    "undo-apply": (params) => undo.apply(textParam(params, "file"), flagParam(params, "force")),
  };
}

async function attach({ server, config }: ServerProcess, number: number): Promise<void> {
  await requireNoCircle(config, [number]);
  await server.attach(number);
}

async function adjustTo(host: ServerProcess, wanted: DrbdResourceConfig): Promise<DiskAdjusted> {
  const volumes = wanted.volumes.map((volume) => volume.number);
  await requireNoCircle(wanted, volumes);
  return await adjust(host, wanted);
}

async function connect({ server, config }: ServerProcess, params: Params): Promise<void> {
  if (config.peer === undefined)
    throw new UserError("HF2144", `the configuration of ${config.name} names no peer`, {
      exit: 10,
      remedy: "Two `on HOST` sections make a pair: see drbdadm dump.",
    });
  // Said at once to the one who asks; later on a port in use is only logged and tried again.
  if (server.status().connection.state === "StandAlone") await probeListen(config.local.address);
  await server.admin.run({
    name: "connect",
    discardMyData: flagParam(params, "discardMyData"),
    tentative: flagParam(params, "tentative"),
  });
}

async function verify({ server }: ServerProcess, params: Params): Promise<void> {
  const sector = (
    name: "startSector" | "stopSector",
  ): { readonly [key in typeof name]?: number } =>
    params[name] === undefined ? {} : { [name]: numberParam(params, name) };
  await server.admin.run({
    name: "verify",
    volume: numberParam(params, "volume"),
    ...sector("startSector"),
    ...sector("stopSector"),
  });
}

async function setFencing(
  { server, config }: ServerProcess,
  fencing: FencingPolicy,
): Promise<void> {
  for (const { number: volume } of config.volumes)
    await server.admin.run({ name: "disk-options", volume, change: { fencing } });
}
