/**
 * Two nodes with the real ocf:heartbeat:Xen agent on each, simulated guests, volumes in memory and a link between the
 * agents that loses what it is told to lose.
 */

import { SimulatedGuests, type SimulatedHost } from "../../sim/guests/simulated-guests.ts";
import type { AgentAction, AgentOutcome, AgentRequest } from "../../src/agents/resource-agent.ts";
import { XenAgent } from "../../src/agents/xen/xen-agent.ts";
import { hostProcesses } from "../../src/host/processes/processes.ts";
import type { Clock, StopSignal } from "../../src/ports/clock.ts";
import type { Files } from "../../src/ports/files.ts";
import type { PeerAgents } from "../../src/ports/peer-agents.ts";
import { memoryFiles } from "./memory-files.ts";
import { type NodeVolumes, SharedVolumes } from "./shared-volumes.ts";
import { virtualClock } from "./virtual-clock.ts";

const hostDomain = `name = "host1"
memory = 64
kernel = "/boot/vmlinuz"
disk = [ 'drbd:host1_root,xvda,w', 'drbd:host1_swap,xvdb,w' ]
`;

export const resources: readonly string[] = ["host1_root", "host1_swap"];

export type AgentNode = {
  readonly name: string;
  readonly agent: XenAgent;
  readonly host: SimulatedHost;
  readonly volumes: NodeVolumes;
  readonly files: Files;
};

export class TwoAgents {
  readonly clock: Clock = virtualClock();
  readonly guests: SimulatedGuests = new SimulatedGuests();
  readonly volumes: SharedVolumes = new SharedVolumes(resources);
  /** "request go", "reply prepare" …: what the link loses, always. */
  readonly lost: Set<string> = new Set();
  /** Called before a request is delivered. */
  onRequest: (verb: string) => void = () => undefined;
  readonly one: AgentNode = this.#node("xen1");
  readonly two: AgentNode = this.#node("xen2");

  async act(
    node: AgentNode,
    action: AgentAction,
    options: Partial<Pick<AgentRequest, "params" | "meta">> & { readonly stop?: StopSignal } = {},
  ): Promise<AgentOutcome> {
    const request: AgentRequest = {
      agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
      resource: "host1",
      action,
      params: { xmfile: "/etc/xen/host1.dom", ...options.params },
      meta: { timeout: "60000", interval: "10000", ...options.meta },
    };
    return await node.agent.run(request, options.stop ?? new AbortController().signal);
  }

  /** Live migration as the cluster asks for it. */
  async migrate(
    from: AgentNode,
    to: AgentNode,
    stop?: StopSignal,
  ): Promise<readonly [AgentOutcome, AgentOutcome | undefined]> {
    const meta = { migrate_source: from.name, migrate_target: to.name };
    const sent = await this.act(from, "migrate_to", {
      meta,
      ...(stop === undefined ? {} : { stop }),
    });
    if (sent.rc !== 0) return [sent, undefined];
    return [sent, await this.act(to, "migrate_from", { meta })];
  }

  /** The names of the nodes on which the guest executes. */
  where(): readonly string[] {
    return [this.one, this.two]
      .filter(({ host }) => host.executes("host1"))
      .map(({ name }) => name);
  }

  /** "xen1:host1_root" …, sorted. */
  primaries(): readonly string[] {
    return [this.one, this.two].flatMap(({ name, volumes }) =>
      [...volumes.primary].sort().map((resource) => `${name}:${resource}`),
    );
  }

  violations(): readonly string[] {
    return [...this.guests.violations, ...this.volumes.violations];
  }

  #node(name: string): AgentNode {
    const volumes = this.volumes.addNode(name, `/${name}/nbd`);
    const host = this.guests.addHost(name, volumes);
    const files = memoryFiles({ "/etc/xen/host1.dom": hostDomain });
    const agent = new XenAgent({
      driver: host.driver,
      volumes,
      files,
      clock: this.clock,
      processes: hostProcesses(),
      peers: this.#link(name),
      node: name,
      address: () => name,
    });
    return { name, agent, host, volumes, files };
  }

  #link(from: string): PeerAgents {
    return {
      request: async (to, { verb, params }, timeoutMs) => {
        this.onRequest(verb);
        const node = [this.one, this.two].find(({ name }) => name === to);
        if (node === undefined) throw new Error(`${to} is no member`);
        const lost = new Error(`no answer from ${to} within ${timeoutMs} ms`);
        const whenLost = async (what: string): Promise<void> => {
          if (!this.lost.has(what)) return;
          await this.clock.sleep(timeoutMs);
          throw lost;
        };
        await whenLost(`request ${verb}`);
        const reply = await node.agent.answerPeer(verb, params, from);
        await whenLost(`reply ${verb}`);
        return reply;
      },
    };
  }
}
