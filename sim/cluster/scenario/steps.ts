/** What a line of a story does. Each kind of line is a row of the table. */
import type { CibChange } from "../../../src/core/cib/change.ts";
import type { ClientRequest } from "../../../src/core/node/client-requests.ts";
import { element } from "../../../src/formats/xml/xml-element.ts";
import type { Administrator } from "../administrator.ts";
import { missing } from "../converged.ts";
import type { SimCluster } from "../sim-cluster.ts";
import type { SwitchMood } from "../world/power-switch.ts";

export type Story = { readonly cluster: SimCluster; readonly person: Administrator };

/** Ends with a sentence when the step could not be done. */
type Run = (story: Story, words: readonly string[]) => Promise<string | undefined> | string | void;

const settleMs = 120_000;
const askedMs = 2000;

const table: readonly (readonly [pattern: RegExp, run: Run])[] = [
  [
    /^run (\S+)$/,
    async ({ cluster }, [time = ""]) => void (await cluster.advance(durationMs(time))),
  ],
  [/^settle$/, async ({ cluster }) => await settle(cluster)],
  [
    /^until (.+) within (\S+)$/,
    async (story, [what = "", time = ""]) => await until(story, what, time),
  ],
  [/^(\S+) loses power$/, ({ cluster }, [host = ""]) => cluster.host(host).powerOff()],
  [/^(\S+) gets power$/, ({ cluster }, [host = ""]) => cluster.host(host).powerOn()],
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
  [/^(\S+) freezes$/, ({ cluster }, [host = ""]) => cluster.host(host).freeze()],
  [/^(\S+) thaws$/, ({ cluster }, [host = ""]) => cluster.host(host).thaw()],
  [/^holdfastd on (\S+) dies$/, ({ cluster }, [host = ""]) => cluster.host(host).killDaemon()],
  [/^holdfastd on (\S+) starts$/, ({ cluster }, [host = ""]) => cluster.host(host).startDaemon()],
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
    /^on (\S+): (.+)$/,
    ({ person }, [host = "", command = ""]) => runCommand(person, host, command),
  ],
];

export async function runStep(story: Story, text: string): Promise<string | undefined> {
  for (const [pattern, run] of table) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return (await run(story, found.slice(1))) ?? undefined;
  }
  return `there is no step "${text}"`;
}

/** Whether a condition holds: "host1 runs on xen2", "host1 runs nowhere", "xen1 is off", "all is well" … */
export function lacking(cluster: SimCluster, text: string): readonly string[] {
  const guest = /^(\S+) runs (nowhere|on (\S+)|once)$/.exec(text);
  if (guest !== null) {
    const [, name = "", how, host] = guest;
    const where = cluster.where(name);
    const isSo =
      host === undefined ? where.length === (how === "once" ? 1 : 0) : where.join() === host;
    return isSo ? [] : [`${name} runs on ${where.join(" and ") || "no host"}`];
  }
  const power = /^(\S+) is (on|off)$/.exec(text);
  if (power !== null) {
    const { name, powered } = cluster.host(power[1] ?? "");
    return powered === (power[2] === "on") ? [] : [`${name} is ${powered ? "on" : "off"}`];
  }
  const warned = /^(\S+) says (HF\d+)$/.exec(text);
  if (warned !== null) {
    const codes = cluster
      .host(warned[1] ?? "")
      .daemon?.status()
      .attention.map(({ code }) => code);
    return codes?.includes(warned[2] ?? "") === true
      ? []
      : [`it says ${codes?.join(" ") || "nothing"}`];
  }
  if (text === "all is well") return missing(cluster);
  if (text === "disks are in sync") return cluster.areDisksInSync() ? [] : ["they are not"];
  return [`there is no condition "${text}"`];
}

async function until({ cluster }: Story, what: string, time: string): Promise<string | undefined> {
  const isSo = (): boolean => lacking(cluster, what).length === 0;
  if (await cluster.until(durationMs(time), isSo)) return undefined;
  return `not "${what}" within ${time}: ${lacking(cluster, what).join("; ")}`;
}

async function settle(cluster: SimCluster): Promise<string | undefined> {
  // What was asked for last is under way before anybody looks.
  await cluster.advance(askedMs);
  if (await cluster.until(settleMs, () => missing(cluster).length === 0)) return undefined;
  return `not settled within ${settleMs / 1000} s: ${missing(cluster).join("; ")}`;
}

function durationMs(text: string): number {
  const found = /^(\d+)(ms|s|min)$/.exec(text);
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };
  return found === null ? 0 : Number(found[1]) * (units[found[2] ?? ""] ?? 0);
}

type Command = (person: Administrator, host: string, words: readonly string[]) => boolean;

const commands: readonly (readonly [pattern: RegExp, run: Command])[] = [
  [/^move (\S+) to (\S+)$/, (p, host, [resource = "", to = ""]) => p.move(host, resource, to)],
  [/^clear (\S+)$/, (p, host, [resource = ""]) => p.clear(host, resource)],
  [
    /^target-role (\S+) (\S+)$/,
    (p, host, [resource = "", role = ""]) => p.targetRole(host, resource, role),
  ],
  [/^standby (\S+) (on|off)$/, (p, host, [node = "", how]) => p.standby(host, node, how === "on")],
  [/^option (\S+) (\S+)$/, (p, host, [name = "", value = ""]) => p.option(host, name, value)],
  [/^cleanup (\S+)$/, (p, host, [resource = ""]) => p.cleanup(host, resource)],
  [/^bump$/, (p, host) => p.change(host, { kind: "bump" })],
  [/^delete (\S+)$/, (p, host, [id = ""]) => p.change(host, deletion(id))],
  [
    /^fence (\S+)$/,
    (p, host, [target = ""]) => ask(p, host, { kind: "fence", target, action: "reboot" }),
  ],
  [/^confirm (\S+) off$/, (p, host, [node = ""]) => ask(p, host, { kind: "confirm-off", node })],
  [
    /^use the copy of (\S+)$/,
    (p, host, [drbdResource = ""]) => ask(p, host, { kind: "use-copy", node: host, drbdResource }),
  ],
  [/^leave$/, (p, host) => ask(p, host, { kind: "leave" })],
  [/^restart$/, (p, host) => p.ask(host, { kind: "restart", holdMs: 10_000 })],
];

function runCommand(person: Administrator, host: string, text: string): string | undefined {
  for (const [pattern, run] of commands) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return run(person, host, found.slice(1)) ? undefined : `${host} does not take "${text}"`;
  }
  return `there is no command "${text}"`;
}

type Asked<R> = R extends { readonly by: string } ? Omit<R, "by"> : never;

function ask(person: Administrator, host: string, request: Asked<ClientRequest>): boolean {
  return person.ask(host, { ...request, by: person.name } as ClientRequest);
}

function deletion(id: string): CibChange {
  return { kind: "delete", at: { section: "resources" }, xml: element("primitive", { id }) };
}
