/** What a person asks and says about a split brain, as methods of the control socket. */
import type { LiveMethods } from "../../api/cluster-protocol.ts";
import type { SplitBrainSide, SplitBrainSituation } from "../../api/cluster-resolve.ts";
import type { DiskUndo } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { isSplitBrain } from "../../core/replication/generation/resolve-objections.ts";
import type { ControlClient, ControlMethod } from "../../host/control/control-server.ts";
import { byParam, flagParam, textParam } from "../cluster-methods/params.ts";
import type { DiskAsker, Tell } from "../resolve/disk-asker.ts";
import { forgetUndo } from "../resolve/forget-undo.ts";
import { resolveSide } from "../resolve/resolve-side.ts";
import { resolveSplitBrain } from "../resolve/resolve-split-brain.ts";
import { undoResolve } from "../resolve/undo-resolve.ts";
import type { Holdfastd } from "./holdfastd.ts";

type ResolveMethod = "split-brain" | "resolve" | "resolve-undo" | "resolve-forget";

export function resolveMethods(daemon: Holdfastd): Readonly<Record<ResolveMethod, ControlMethod>> {
  return {
    "split-brain": (params) => situation(daemon, textParam(params, "drbdResource")),
    resolve: (params, client) => {
      const resource = textParam(params, "drbdResource");
      return daemon.diskDesk.once(resource, () =>
        resolve(daemon, client, {
          resource,
          keep: textParam(params, "keep"),
          by: byParam(params).user,
        }),
      );
    },
    "resolve-undo": (params, client) => {
      const resource = textParam(params, "drbdResource");
      const force = flagParam(params, "force");
      const by = byParam(params).user;
      return daemon.diskDesk.once(resource, () => undo(daemon, client, { resource, force, by }));
    },
    "resolve-forget": (params, client) => {
      const resource = textParam(params, "drbdResource");
      const by = byParam(params).user;
      return daemon.diskDesk.once(resource, () => forget(daemon, client, { resource, by }));
    },
  };
}

async function resolve(
  daemon: Holdfastd,
  client: ControlClient,
  { resource, keep, by }: { readonly resource: string; readonly keep: string; readonly by: string },
): Promise<LiveMethods["resolve"]["result"]> {
  const disks = daemon.diskDesk.asker(resource);
  const nodes = await nodesOf(daemon, disks);
  const lose = nodes.find((node) => node !== keep);
  if (!nodes.includes(keep) || lose === undefined) {
    throw new UserError("HF2187", `${resource} has no copy on ${keep}`, {
      remedy: `Its nodes are ${nodes.join(" and ")}.`,
    });
  }
  const { saved } = await resolveSplitBrain(disks, { resource, keep, lose }, teller(client));
  noteDone(daemon, {
    code: "split-brain-resolved",
    message: `${by} has ended the split brain of ${resource}: the copy of ${keep} is kept. ${savedText(lose, saved)}`,
    fields: { drbdResource: resource, keep, lose, by },
  });
  return { saved };
}

async function undo(
  daemon: Holdfastd,
  client: ControlClient,
  order: { readonly resource: string; readonly force: boolean; readonly by: string },
): Promise<LiveMethods["resolve-undo"]["result"]> {
  const { resource, force, by } = order;
  const disks = daemon.diskDesk.asker(resource);
  const nodes = await nodesOf(daemon, disks);
  const saved = await undoResolve(disks, { resource, nodes, force }, teller(client));
  noteDone(daemon, {
    code: "split-brain-undone",
    message: `${by} has brought back saved changes of ${resource}. ${savedText("before", saved)}`,
    fields: { drbdResource: resource, by },
  });
  return { saved };
}

async function forget(
  daemon: Holdfastd,
  client: ControlClient,
  { resource, by }: { readonly resource: string; readonly by: string },
): Promise<LiveMethods["resolve-forget"]["result"]> {
  const disks = daemon.diskDesk.asker(resource);
  const nodes = await nodesOf(daemon, disks);
  const saved = await forgetUndo(disks, { resource, nodes }, teller(client));
  const files = saved.map(({ node, file }) => `${node}:${file}`).join(", ");
  noteDone(daemon, {
    code: "undo-forgotten",
    message: `${by} has deleted the saved changes of ${resource}: ${files}`,
    fields: { drbdResource: resource, by },
  });
  return { saved };
}

async function situation(daemon: Holdfastd, drbdResource: string): Promise<SplitBrainSituation> {
  const disks = daemon.diskDesk.asker(drbdResource);
  const sides: SplitBrainSide[] = [];
  for (const node of await nodesOf(daemon, disks)) sides.push(await sideOf(disks, node));
  const split = splitBetween(sides);
  return {
    drbdResource,
    takenAtMs: Date.now(),
    ...(split === undefined ? {} : { isSplitBrain: split }),
    sides,
  };
}

function splitBetween([here, there]: readonly SplitBrainSide[]): boolean | undefined {
  if (here?.status === undefined || there?.status === undefined) return undefined;
  const [self, peer] = [here.status, there.status];
  const facts = self.volumes.map(({ volume }) => ({
    keep: resolveSide(here.node, self, volume),
    lose: resolveSide(there.node, peer, volume),
  }));
  if (facts.some(({ keep, lose }) => keep.uuids === undefined || lose.uuids === undefined)) {
    return undefined;
  }
  return facts.some((each) => !each.keep.connected && isSplitBrain(each));
}

async function sideOf(disks: DiskAsker, node: string): Promise<SplitBrainSide> {
  try {
    const status = await disks.ask(node, "status", {});
    return { node, status, undo: await disks.ask(node, "undo-list", {}) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { node, trouble: error.message, undo: [] };
  }
}

/** This node and its peer in the DRBD resource. @throws UserError HF9002 when the resource is not up here. */
async function nodesOf({ config }: Holdfastd, disks: DiskAsker): Promise<readonly string[]> {
  const { self } = config.members;
  const { connection } = await disks.ask(self, "status", {});
  return connection.peerName === "" ? [self] : [self, connection.peerName];
}

function teller(client: ControlClient): Tell {
  return (step) => client.sendEvent("resolve-step", step);
}

function noteDone(
  daemon: Holdfastd,
  notice: {
    readonly code: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, string>>;
  },
): void {
  daemon.notice({ level: "warn", ...notice });
}

function savedText(of: string, saved: readonly DiskUndo[]): string {
  const files = saved.map(({ file, dataKib }) => `${file} (${dataKib} KiB)`).join(", ");
  return `What was overwritten of ${of} is in ${files}.`;
}
