/** What only the running cluster can do, as methods of the control socket (src/api/cluster-protocol.ts). */
import type { ClusterMethods, LiveMethods } from "../../api/cluster-protocol.ts";
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { UserError } from "../../api/user-error.ts";
import { wallTime } from "../../base/time.ts";
import { fenceDevices } from "../../core/fencer/fence-devices.ts";
import { failedPlace } from "../../core/node/failed-place.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { hostClock } from "../../host/clock.ts";
import type { ControlClient, ControlMethod } from "../../host/control/control-server.ts";
import { hostFiles } from "../../host/files/files.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import { agentMethods } from "../agent-methods/agent-methods.ts";
import { onlyRoot } from "../cluster-methods/acting-user.ts";
import { asUserError } from "../cluster-methods/cib-desk.ts";
import { cibDeskMethods, guardedMethods } from "../cluster-methods/desk-methods.ts";
import {
  byParam,
  flagParam,
  optionalNumber,
  optionalText,
  type Params,
  textParam,
  wordParam,
} from "../cluster-methods/params.ts";
import { cibSnapshot } from "../cluster-methods/snapshot/cib-snapshot.ts";
import { valueText } from "./client-desk.ts";
import type { Holdfastd } from "./holdfastd.ts";
import { liveInput } from "./live-input.ts";
import { liveStatus } from "./live-status.ts";
import { liveWhy } from "./live-why.ts";
import { resolveMethods } from "./resolve-methods.ts";

// Methods import these when they are asked: here they are loaded with the daemon, whose files an upgrade may replace meanwhile.
import "../cluster-methods/active-nodes.ts";
import "../cluster-methods/resource-constraints.ts";
import "../cluster-methods/simulated.ts";
import "../cluster-methods/verify-cib.ts";

/** Notices that a status page shows. */
const statusNotices = 20;
/** Changes that come close together are told once. */
const gatherMs = 50;

export function daemonMethods(
  daemon: Holdfastd,
  version: string,
): Readonly<Record<keyof ClusterMethods, ControlMethod>> {
  const { "watch-notices": watchNotices, ...watching } = watchMethods(daemon);
  return {
    ...guardedMethods(daemon.cibDesk(), (desk) => ({
      ...cibDeskMethods(desk),
      status: () => snapshot(daemon, version, desk.cib()),
      "scheduler-input": () => {
        const status = daemon.loop.status();
        const { cib, isWhole } = liveInput(desk.cib(), status);
        return { text: printXml(cib), isWhole, dc: status.dc?.name ?? null };
      },
      why: (params) =>
        liveWhy(desk.cib(), daemon.loop.status(), {
          now: wallTime(Date.now()),
          question: {
            resource: optionalText(params, "resource"),
            node: optionalText(params, "node"),
          },
        }),
    })),
    ...agentMethods(daemon.cibDesk(), {
      ...{ processes: hostProcesses(), files: hostFiles(), clock: hostClock() },
      xen: daemon.xen,
    }),
    ...watching,
    ...rootMethods({
      "watch-notices": watchNotices,
      "kept-transition": (params) => keptTransition(daemon, optionalNumber(params, "number")),
      ...powerMethods(daemon),
      "fail-resource": (params) => failResource(daemon, params),
      ...guestMethods(daemon),
      ...resolveMethods(daemon),
    }),
  };
}

/** Of what no access rule of the CIB is about, nothing is for others than root. */
function rootMethods<K extends string>(
  methods: Readonly<Record<K, ControlMethod>>,
): Readonly<Record<K, ControlMethod>> {
  const guarded = Object.entries<ControlMethod>(methods).map(
    ([name, method]): [string, ControlMethod] => [
      name,
      async (params, client) => {
        await onlyRoot(name, client);
        return await method(params, client);
      },
    ],
  );
  return Object.fromEntries(guarded) as Readonly<Record<K, ControlMethod>>;
}

type MethodsOf<K extends keyof LiveMethods> = Readonly<Record<K, ControlMethod>>;

function watchMethods(
  daemon: Holdfastd,
): MethodsOf<"watch-notices" | "watch-status" | "wait-idle"> {
  return {
    "watch-notices": (params, client) => {
      client.onClose(daemon.notices.watch((notice) => client.sendEvent("notice", notice)));
      const last = optionalNumber(params, "last") ?? Number.MAX_SAFE_INTEGER;
      return { notices: last === 0 ? [] : daemon.notices.last(last) };
    },
    "watch-status": (_params, client) => watchStatus(daemon, client),
    "wait-idle": (params) => waitIdle(daemon, optionalNumber(params, "timeoutMs")),
  };
}

async function keptTransition(
  { config, transitions }: Holdfastd,
  number = 0,
): Promise<LiveMethods["kept-transition"]["result"]> {
  const asked = config.members.nodes.filter((node) => node !== config.members.self);
  const { found, unasked } = await transitions.find(asked, number);
  return { ...(found !== undefined && { found }), asked, unasked };
}

function watchStatus(daemon: Holdfastd, client: ControlClient): null {
  let timer: NodeJS.Timeout | undefined;
  const end = daemon.watch(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      client.sendEvent("changed", null);
    }, gatherMs);
  });
  client.onClose(() => {
    end();
    clearTimeout(timer);
  });
  return null;
}

async function waitIdle({ clients }: Holdfastd, timeoutMs: number | undefined): Promise<null> {
  const idle = clients.ask({ kind: "wait-idle" });
  if (timeoutMs === undefined) {
    await idle;
    return null;
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), timeoutMs);
  });
  const first = await Promise.race([idle, late]);
  clearTimeout(timer);
  if (first !== "late") return null;
  throw new UserError("HF4645", `the cluster was not idle within ${timeoutMs / 1000} s`, {
    exit: 124,
    remedy: "`holdfast status` shows what it does, and what it waits for.",
  });
}

function powerMethods({
  clients,
  config,
}: Holdfastd): MethodsOf<"fence" | "confirm-off" | "use-copy" | "leave"> {
  const actions = ["off", "on", "reboot"] as const;
  return {
    fence: async (params) => {
      const action = wordParam(params, "action", actions);
      const by = byParam(params).user;
      const target = textParam(params, "node");
      return { message: valueText(await clients.ask({ kind: "fence", target, action, by })) };
    },
    "confirm-off": async (params) => {
      const by = byParam(params).user;
      const node = textParam(params, "node");
      return { message: valueText(await clients.ask({ kind: "confirm-off", node, by })) };
    },
    "use-copy": async (params) => {
      const by = byParam(params).user;
      const node = optionalText(params, "node") ?? config.members.self;
      const drbdResource = textParam(params, "drbdResource");
      const value = await clients.ask({ kind: "use-copy", node, drbdResource, by });
      return { message: valueText(value) };
    },
    leave: async (params) => {
      await clients.ask({ kind: "leave", by: byParam(params).user });
      return null;
    },
  };
}

async function failResource(
  daemon: Holdfastd,
  params: Params,
): Promise<LiveMethods["fail-resource"]["result"]> {
  const asked = { resource: textParam(params, "resource"), node: textParam(params, "node") };
  const { clients, config } = daemon;
  const place = failedPlace(daemon.cibDesk().cib(), asked, config.members.nodes);
  if (!place.ok) throw asUserError(place.error);
  const by = byParam(params).user;
  return { message: valueText(await clients.ask({ kind: "fail-resource", ...place.value, by })) };
}

function guestMethods({
  guests,
}: Holdfastd): MethodsOf<
  "guest-list" | "guest-create" | "guest-shutdown" | "guest-destroy" | "guest-console"
> {
  return {
    "guest-list": async () => ({ guests: await guests.list() }),
    "guest-create": async (params) => ({
      name: await guests.create(textParam(params, "file"), flagParam(params, "force")),
    }),
    "guest-shutdown": (params) => guests.shutdown(textParam(params, "name")),
    "guest-destroy": (params) => guests.destroy(textParam(params, "name")),
    "guest-console": (params) => ({ socketPath: guests.console(textParam(params, "name")) }),
  };
}

/** @param cib as far as it may be shown. */
function snapshot(daemon: Holdfastd, version: string, cib: XmlElement): ClusterSnapshot {
  const wallMs = Date.now();
  const shown = cibSnapshot(cib, wallTime(wallMs));
  const live = liveStatus(
    daemon.loop.status(),
    {
      version,
      startedAtMs: daemon.startedAtMs,
      configRemarks: daemon.config.remarks,
      fencingEnabled: shown.summary.options.fencingEnabled,
      fencingDevices: fenceDevices(cib).map(({ id }) => id),
      disks: daemon.disks.all().map(({ resource: drbdResource, status }) => ({
        drbdResource,
        ...(status !== undefined && { status }),
      })),
      notices: daemon.notices.last(statusNotices),
    },
    wallMs,
  );
  return { ...shown, live };
}
