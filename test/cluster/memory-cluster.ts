/** Some Node machines in one process, in virtual time, with guests that are names: for tests of how nodes work together. */

import { SimClock } from "../../sim/kernel/sim-clock.ts";
import type { RunFenceAgent } from "../../src/core/fencer/types.ts";
import type { ClientReply, ClientRequest } from "../../src/core/node/client-requests.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { MemoryHost } from "./memory-host.ts";
import { MemoryNetwork } from "./memory-network.ts";

const patienceMs = 120_000;

export class MemoryCluster {
  readonly clock = new SimClock();
  readonly network: MemoryNetwork = new MemoryNetwork(this.clock);
  /** Which guests run where: the truth. */
  readonly guests: Map<string, Set<string>> = new Map();
  /** What the power devices do; by default they do as they are told. */
  fence: (host: MemoryHost, effect: RunFenceAgent) => "obey" | "fail" | "hang" = () => "obey";
  readonly #hosts: ReadonlyMap<string, MemoryHost>;

  constructor(nodes: readonly string[]) {
    this.#hosts = new Map(
      nodes.map((name) => {
        this.guests.set(name, new Set());
        const host = new MemoryHost({
          ...{ name, nodes, clock: this.clock, network: this.network },
          guestsOf: (each) => this.guests.get(each) ?? new Set(),
          onFence: (from, effect) => this.#onFence(from, effect),
        });
        return [name, host];
      }),
    );
  }

  get hosts(): readonly MemoryHost[] {
    return [...this.#hosts.values()];
  }

  host(name: string): MemoryHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  startAll(): void {
    for (const host of this.hosts) host.start();
  }

  run(durationMs: number): void {
    const until = this.clock.now + durationMs;
    while (this.clock.step(until)) {
      // Nothing else waits.
    }
  }

  /** Runs until that is so; fails when it does not come about. */
  until(isSo: () => boolean, what: string): void {
    const until = this.clock.now + patienceMs;
    while (!isSo()) {
      if (!this.clock.step(until)) throw new Error(`not within ${patienceMs} ms: ${what}`);
    }
  }

  /** The DC, once all running hosts obey the same. */
  untilDc(): MemoryHost {
    const isAgreed = (): boolean => {
      const running = this.hosts.filter((host) => host.isRunning);
      const names = new Set(running.map((host) => host.status.dc?.name));
      return names.size === 1 && !names.has(undefined);
    };
    this.until(isAgreed, "all obey one DC");
    const name = this.hosts.find((host) => host.isRunning)?.status.dc?.name ?? "";
    return this.host(name);
  }

  ask(name: string, request: ClientRequest): ClientReply {
    const asked = this.host(name).ask(request);
    this.until(() => asked.reply !== undefined, `an answer to ${request.kind}`);
    return asked.reply as ClientReply;
  }

  change(
    name: string,
    change: Extract<ClientRequest, { kind: "change-cib" }>["change"],
  ): ClientReply {
    const origin = { node: name, client: "test", user: "root", written: "0" };
    return this.ask(name, { kind: "change-cib", change, origin });
  }

  settle(name: string): void {
    const reply = this.ask(name, { kind: "wait-idle" });
    if (!reply.ok) throw new Error(reply.error.message);
  }

  where(guest: string): string {
    return [...this.guests].flatMap(([name, set]) => (set.has(guest) ? [name] : [])).join(" ");
  }

  #onFence(from: MemoryHost, effect: RunFenceAgent): void {
    const { token, action, node } = effect;
    const how = this.fence(from, effect);
    if (how === "hang") return;
    this.clock.after(50, () => {
      const event = { kind: "fence-agent-ended" as const, token, message: "" };
      if (how === "fail") {
        from.give({ ...event, outcome: "failed", message: "no answer from the device" });
        return;
      }
      if (action === "off" && node !== undefined) this.host(node).powerOff();
      if (action === "on" && node !== undefined) this.host(node).start();
      const outcomes = {
        "can-fence": "yes",
        off: "off",
        on: "done",
        status: "on",
        monitor: "done",
      };
      from.give({ ...event, outcome: outcomes[action] as "yes" | "off" | "done" | "on" });
    });
  }
}

export function xml(text: string): XmlElement {
  const parsed = parseXml(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}
