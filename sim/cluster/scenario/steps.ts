/** What a line of a story does. Each kind of line is a row of the table. */
import { Administrator } from "../administrator.ts";
import { missing, restless } from "../converged.ts";
import type { SimCluster } from "../sim-cluster.ts";
import type { SwitchMood } from "../world/power-switch.ts";
import { replaceMachine } from "../world/sim-disks.ts";
import type { SimRemoteNode } from "../world/sim-remote-node.ts";
import type { ServiceFault } from "../world/sim-services.ts";
import { runCommand } from "./commands.ts";
import { lacking } from "./conditions.ts";
import { durationMs, type Story } from "./story.ts";

type Act = (story: Story, words: readonly string[]) => void;
/** Ends with a sentence when the step could not be done. */
type Ask = (
  story: Story,
  words: readonly string[],
) => Promise<string | undefined> | string | undefined;
type Run = Act | Ask;

const settleMs = 120_000;
const askedMs = 2000;

const table: readonly (readonly [pattern: RegExp, run: Run])[] = [
  [
    /^run (\S+)$/,
    async ({ cluster }, [time = ""]) => void (await cluster.advance(durationMs(time))),
  ],
  [/^settle$/, async ({ cluster }) => await settle(cluster, missing)],
  [/^rest$/, async ({ cluster }) => await settle(cluster, restless)],
  [
    /^now (.+)$/,
    (story, [what = ""]) => {
      const lacks = lacking(story, what);
      return lacks.length === 0 ? undefined : `not "${what}": ${lacks.join("; ")}`;
    },
  ],
  [
    /^until (.+) within (\S+)$/,
    async (story, [what = "", time = ""]) => await until(story, what, time),
  ],
  [/^(\S+) loses power$/, ({ cluster }, [host = ""]) => cluster.machine(host).powerOff()],
  [/^(\S+) gets power$/, ({ cluster }, [host = ""]) => cluster.machine(host).powerOn()],
  [
    /^a new machine takes the place of (\S+)$/,
    ({ cluster }, [host = ""]) => replaceMachine(cluster.host(host)),
  ],
  [
    /^cut the (cluster's|disks') network$/,
    ({ cluster }, [what = ""]) => {
      const [a = "", b = ""] = cluster.shape.nodes;
      const kind = what === "disks'" ? "disks" : "cluster";
      cluster.setLink(a, b, false, kind);
      cluster.setLink(b, a, false, kind);
    },
  ],
  [/^cut (\S+) (\S+)$/, ({ cluster }, [a = "", b = ""]) => cluster.cut(a, b)],
  [/^cut (\S+) > (\S+)$/, ({ cluster }, [a = "", b = ""]) => cluster.setLink(a, b, false)],
  [/^heal$/, ({ cluster }) => cluster.heal()],
  [
    /^the software of (\S+) is (of another version|as the others')$/,
    ({ cluster }, [host = "", which = ""]) => {
      cluster.host(host).speaksOtherVersion = which === "of another version";
    },
  ],
  [/^(\S+) freezes$/, ({ cluster }, [host = ""]) => cluster.host(host).freeze()],
  [/^(\S+) thaws$/, ({ cluster }, [host = ""]) => cluster.host(host).thaw()],
  [/^holdfastd on (\S+) dies$/, ({ cluster }, [host = ""]) => cluster.host(host).killDaemon()],
  [/^holdfastd on (\S+) starts$/, ({ cluster }, [host = ""]) => cluster.host(host).startDaemon()],
  [
    /^pacemaker_remoted on (\S+) (dies|starts|hangs|is stopped)$/,
    ({ cluster }, [name = "", how = ""]) => disturbRemote(cluster.remotes.get(name), how),
  ],
  [
    /^disk server of (\S+) on (\S+) dies$/,
    ({ cluster }, [disk = "", host = ""]) => cluster.host(host).crashServer(disk),
  ],
  [/^(\S+) crashes$/, ({ cluster }, [guest = ""]) => cluster.crashGuest(guest)],
  [
    /^the next start on (\S+) fails$/,
    ({ cluster }, [host = ""]) => void cluster.host(host).guests.failingCreations.push("no memory"),
  ],
  [
    /^(\S+) can't be killed on (\S+)$/,
    ({ cluster }, [guest = "", host = ""]) =>
      cluster.host(host).guests.disturb(guest, { unkillable: true, heedsPower: false }),
  ],
  [
    /^(\S+) does not end when it is killed on (\S+)$/,
    ({ cluster }, [guest = "", host = ""]) =>
      cluster.host(host).guests.disturb(guest, { lingers: true, heedsPower: false }),
  ],
  [
    /^storage of (\S+) (fails|works)$/,
    ({ cluster }, [host = "", how = ""]) => {
      cluster.host(host).files.error = how === "fails" ? "ENOSPC" : undefined;
    },
  ],
  [
    /^the power switch (works|is slow|refuses|is silent)$/,
    ({ cluster }, [mood = ""]) => {
      cluster.powerSwitch.mood = mood.replace("is ", "") as SwitchMood;
    },
  ],
  [
    /^(\S+) can't reach the power switch$/,
    ({ cluster }, [host = ""]) => void cluster.powerSwitch.unreachableFrom.add(host),
  ],
  [
    /^(\S+) reaches the power switch again$/,
    ({ cluster }, [host = ""]) => void cluster.powerSwitch.unreachableFrom.delete(host),
  ],
  [
    /^the device (\S+) (works|is slow|refuses|is silent)$/,
    ({ cluster }, [id = "", mood = ""]) =>
      void cluster.powerSwitch.moods.set(id, mood.replace("is ", "") as SwitchMood),
  ],
  [
    /^the device (\S+) refuses the next (order|\d+ orders)$/,
    ({ cluster }, [id = "", orders = ""]) =>
      void cluster.powerSwitch.refusals.set(id, Number(orders.split(" ")[0]) || 1),
  ],
  [
    /^(\S+) dies on (\S+)$/,
    ({ cluster }, [name = "", host = ""]) => cluster.machine(host).services.die(name),
  ],
  [
    /^(\S+) is started by hand on (\S+)$/,
    ({ cluster }, [name = "", host = ""]) => cluster.host(host).services.startByHand(name),
  ],
  [
    /^(the next |)(\S+) of (\S+) on (\S+) (hangs|takes \S+|fails|fails \d+|works)$/,
    ({ cluster }, [next, action = "", resource = "", host = "", how = ""]) =>
      cluster
        .machine(host)
        .services.disturb({ action, resource }, serviceFault(how), next === "the next "),
  ],
  [
    /^(\S+) hangs on (\S+)$/,
    ({ cluster }, [guest = "", host = ""]) =>
      cluster.host(host).guests.disturb(guest, { frozen: true }),
  ],
  [
    /^the next hand-over is not acknowledged$/,
    ({ cluster }) => void cluster.guests.faults.add("acknowledgement-lost"),
  ],
  [
    /^the load of (\S+) is (\d+(?:\.\d+)?)$/,
    ({ cluster }, [host = "", load = ""]) => cluster.host(host).setLoad(Number(load)),
  ],
  [
    /^the clock of (\S+) jumps (ahead|back) (\S+)$/,
    ({ cluster }, [host = "", where, time = ""]) => {
      cluster.host(host).clockAheadMs += (where === "back" ? -1 : 1) * durationMs(time);
    },
  ],
  [
    /^the CIB of (\S+) is copied$/,
    ({ cluster }, [host = ""]) => cluster.host(host).files.copy(cibFiles),
  ],
  [
    /^the copy of its CIB is put back on (\S+)$/,
    ({ cluster }, [host = ""]) => cluster.host(host).files.restore(),
  ],
  [
    /^on (\S+): (.+)$/,
    ({ person }, [host = "", command = ""]) => runCommand(person, host, command),
  ],
  [
    /^on (\S+) by force: (.+)$/,
    ({ cluster, person }, [host = "", command = ""]) =>
      runCommand(new Administrator(cluster, person.name, { byForce: true }), host, command),
  ],
];

function disturbRemote(remote: SimRemoteNode | undefined, how: string): string | undefined {
  if (remote === undefined) return "there is no such remote node";
  if (how === "dies") remote.killDaemon();
  else if (how === "starts") remote.startDaemon();
  else if (how === "hangs") remote.hang();
  else remote.stopDaemon();
  return undefined;
}

export async function runStep(story: Story, text: string): Promise<string | undefined> {
  for (const [pattern, run] of table) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return (await run(story, found.slice(1))) ?? undefined;
  }
  return `there is no step "${text}"`;
}

async function until(story: Story, what: string, time: string): Promise<string | undefined> {
  const isSo = (): boolean => lacking(story, what).length === 0;
  if (await story.cluster.until(durationMs(time), isSo)) return undefined;
  return `not "${what}" within ${time}: ${lacking(story, what).join("; ")}`;
}

async function settle(
  cluster: SimCluster,
  lacks: (of: SimCluster) => readonly string[],
): Promise<string | undefined> {
  // What was asked for last is under way before anybody looks.
  await cluster.advance(askedMs);
  if (await cluster.until(settleMs, () => lacks(cluster).length === 0)) return undefined;
  return `not settled within ${settleMs / 1000} s: ${lacks(cluster).join("; ")}`;
}

function serviceFault(how: string): ServiceFault | undefined {
  const [word, value = ""] = how.split(" ");
  if (word === "hangs") return { kind: "hangs" };
  if (word === "takes") return { kind: "takes", ms: durationMs(value) };
  if (word === "fails") return { kind: "fails", rc: Number(value === "" ? 1 : value) };
  return undefined;
}

/** What a node keeps of its configuration. */
const cibFiles = ["cib.xml", "cib.lineage"];
