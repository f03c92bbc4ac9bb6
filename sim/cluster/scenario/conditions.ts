/** What can be so in a story: "host1 runs on xen2", "xen1 is off", "web is down: no-node". Each kind is a row of the table. */

import type { WhyReport } from "../../../src/api/cluster-why.ts";
import { nodeNamed } from "../../../src/core/cib/read/nodes.ts";
import { failCounts } from "../../../src/core/cib/status/fail-counts.ts";
import type { NodeStatus } from "../../../src/core/node/node-status.ts";
import { whyText } from "../../../src/view/cluster/why-text.ts";
import { missing, restless } from "../converged.ts";
import type { HostedDaemon } from "../world/hosted-daemon.ts";
import type { SimHost } from "../world/sim-host.ts";
import type { Story } from "./story.ts";

/** What is lacking, one sentence each; nothing when it is so. */
type Condition = (story: Story, words: readonly string[]) => readonly string[];

const table: readonly (readonly [pattern: RegExp, look: Condition])[] = [
  [/^all is well$/, ({ cluster }) => missing(cluster)],
  [/^nothing is left to do$/, ({ cluster }) => restless(cluster)],
  [/^disks are in sync$/, ({ cluster }) => (cluster.areDisksInSync() ? [] : ["they are not"])],
  [/^(\S+) runs nowhere$/, (story, [name = ""]) => runsOn(story, name, [])],
  [/^(\S+) runs once$/, (story, [name = ""]) => runsOnce(story, name)],
  [/^(\S+) runs on (.+)$/, (story, [name = "", on = ""]) => runsOn(story, name, on.split(" and "))],
  [
    /^(\S+) is (on|off)$/,
    ({ cluster }, [host = "", how]) => {
      const { name, powered } = cluster.machine(host);
      return powered === (how === "on") ? [] : [`${name} is ${powered ? "on" : "off"}`];
    },
  ],
  [
    /^(\S+) says (HF\d+)$/,
    (story, [host = "", code = ""]) => {
      const codes = statusOf(story, host)?.attention.map((each) => each.code) ?? [];
      return codes.includes(code) ? [] : [`it says ${codes.join(" ") || "nothing"}`];
    },
  ],
  [
    /^(\S+) is the DC$/,
    (story, [host = ""]) =>
      statusOf(story, host)?.role === "dc" ? [] : [`it is ${statusOf(story, host)?.role}`],
  ],
  [
    /^(\S+) is promoted on (\S+)$/,
    ({ cluster }, [name = "", on = ""]) => {
      const hosts = cluster.machines().filter((host) => host.services.isPromoted(name));
      const names = hosts.map((host) => host.name).join(" and ") || "nowhere";
      return names === on ? [] : [`it is promoted on ${names}`];
    },
  ],
  [
    /^(\S+) arrives on (\S+)$/,
    ({ cluster }, [guest = "", host = ""]) =>
      cluster.host(host).guests.isArriving(guest) ? [] : ["it does not"],
  ],
  [
    /^(\S+) of (\S+) is under way on (\S+)$/,
    (story, [action = "", resource = "", host = ""]) => {
      const running = statusOf(story, host)?.operations ?? [];
      const isSo = running.some((each) => each.resource === resource && each.action === action);
      return isSo ? [] : [running.map((each) => `${each.action} of ${each.resource}`).join(", ")];
    },
  ],
  [
    /^(\S+) failed (\d+|for good) on (\S+)$/,
    (story, [resource = "", often = "", host = ""]) => failedOn(story, { resource, host }, often),
  ],
  [
    /^(\S+) is down(?: for (\S+))?: (\S+)$/,
    (story, [resource = "", host, cause = ""]) => downBecause(story, { resource, host }, cause),
  ],
  [
    /^why (\S+)(?: on (\S+))? says "(.+)"$/,
    (story, [resource = "", host, words = ""]) => whySays(story, { resource, host }, words),
  ],
];

export function lacking(story: Story, text: string): readonly string[] {
  for (const [pattern, look] of table) {
    const found = pattern.exec(text);
    if (found !== null) return look(story, found.slice(1));
  }
  return [`there is no condition "${text}"`];
}

/** Who decides for himself: the hosts that are awake and whose daemon is a DC. */
export function decidingHosts({ cluster }: Story): readonly SimHost[] {
  return [...cluster.hosts.values()].filter(
    (host) => host.isAwake && host.daemon?.status().role === "dc",
  );
}

function runsOn({ cluster }: Story, name: string, hosts: readonly string[]): readonly string[] {
  const where = cluster.where(name);
  const isSo = [...where].sort().join() === [...hosts].sort().join();
  return isSo ? [] : [`${name} runs on ${where.join(" and ") || "no host"}`];
}

function runsOnce({ cluster }: Story, name: string): readonly string[] {
  const where = cluster.where(name);
  return where.length === 1 ? [] : [`${name} runs on ${where.join(" and ") || "no host"}`];
}

function statusOf({ cluster }: Story, host: string): NodeStatus | undefined {
  return cluster.host(host).daemon?.status();
}

type Asked = { readonly resource: string; readonly host: string | undefined };

/** The host that is asked: the one that is named, else one that decides, else one whose daemon is there. */
function askedDaemon(story: Story, host: string | undefined): HostedDaemon | undefined {
  if (host !== undefined) return story.cluster.host(host).daemon;
  const [deciding] = decidingHosts(story);
  const awake = [...story.cluster.hosts.values()].find((each) => each.isAwake && each.daemon);
  return (deciding ?? awake)?.daemon;
}

function failedOn(
  story: Story,
  { resource, host }: { readonly resource: string; readonly host: string },
  often: string,
): readonly string[] {
  const cib = askedDaemon(story, undefined)?.cib;
  const node = cib && nodeNamed(cib, host);
  if (cib === undefined || node === undefined) return ["nobody knows"];
  const counts = failCounts(cib, node.id, resource).map((each) => each.count);
  const sum = counts.reduce((all, each) => all + each, 0);
  const is = sum >= 1_000_000 ? "for good" : String(sum);
  return is === often ? [] : [`it failed ${is}`];
}

function downBecause(story: Story, { resource, host }: Asked, cause: string): readonly string[] {
  const reasons = askedDaemon(story, host)?.status().controller?.reasons;
  if (reasons === undefined) return ["nobody there decides"];
  const found = reasons.resources.find((each) => each.resource === resource);
  if (found === undefined) return [`nothing is said of ${resource}`];
  const is = found.down?.kind ?? `up on ${found.node}`;
  return is === cause ? [] : [`it is ${is}`];
}

function whySays(story: Story, asked: Asked, words: string): readonly string[] {
  const report = whyOf(story, askedDaemon(story, asked.host));
  if (report === undefined) return ["nobody can be asked"];
  const resources = report.resources.filter((each) => each.resource === asked.resource);
  const text = whyText({ ...report, resources });
  return text.includes(words) ? [] : [`it says\n${text}`];
}

export function whyOf(
  { askWhy, cluster }: Story,
  daemon: HostedDaemon | undefined,
): WhyReport | undefined {
  if (daemon === undefined || askWhy === undefined) return undefined;
  const status = daemon.status();
  return askWhy(daemon.cib, status, cluster.host(status.self).wallNow());
}
