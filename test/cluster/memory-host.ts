/** A host of a cluster in memory: one Node machine, its files, and guests that are names in a set. */

import type { SimClock } from "../../sim/kernel/sim-clock.ts";
import { authkeysKeyring, simulatedTimings } from "../../sim/membership/cluster.ts";
import { Prng } from "../../src/base/prng.ts";
import { wallTime } from "../../src/base/time.ts";
import type { RunAgent } from "../../src/core/executor/types.ts";
import type { DiskEffect, DiskFacts, RunFenceAgent } from "../../src/core/fencer/types.ts";
import type { ClientReply, ClientRequest } from "../../src/core/node/client-requests.ts";
import { clusterScheduler } from "../../src/core/node/cluster-scheduler.ts";
import type { NodeEffect, Notice } from "../../src/core/node/effects.ts";
import type { NodeEvent } from "../../src/core/node/events.ts";
import { Node } from "../../src/core/node/node.ts";
import type { NodeStatus } from "../../src/core/node/node-status.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import type { MemoryNetwork } from "./memory-network.ts";

/** 2026-01-01T00:00:00Z */
const wallStart = 1_767_225_600_000;
const keyring = authkeysKeyring("auth 1\n1 sha1 0123456789abcdef");

export type Asked = { reply: ClientReply | undefined };

/** What an agent answers; undefined: as the guest is. "never": it hangs until it is cancelled. */
export type AgentAnswer = number | "never" | undefined;

export type HostSetting = {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly clock: SimClock;
  readonly network: MemoryNetwork;
  guestsOf(host: string): Set<string>;
  onFence(host: MemoryHost, effect: RunFenceAgent): void;
};

export class MemoryHost {
  readonly name: string;
  /** By path, under /var/lib/holdfast. */
  readonly files: Map<string, string> = new Map();
  readonly notices: Notice[] = [];
  /** "ACTION RESOURCE", as agents were run. */
  readonly runs: string[] = [];
  readonly diskEffects: DiskEffect[] = [];
  /** DRBD resources of each resource. */
  readonly disksOf: Map<string, readonly string[]> = new Map();
  answer: (call: RunAgent["call"]) => AgentAnswer = () => undefined;
  storageError: string | undefined;
  agentMs = 100;
  readonly #setting: HostSetting;
  readonly #asked = new Map<number, Asked>();
  readonly #running = new Map<number, () => void>();
  #node: Node | undefined;
  #starts = 0;
  #bootId = 1n;
  #lastRequest = 0;
  #timer = 0;

  constructor(setting: HostSetting) {
    this.#setting = setting;
    this.name = setting.name;
  }

  get node(): Node {
    if (this.#node === undefined) throw new Error(`${this.name} does not run`);
    return this.#node;
  }

  get isRunning(): boolean {
    return this.#node !== undefined;
  }

  get status(): NodeStatus {
    return this.node.status(this.#setting.clock.now, this.#wall());
  }

  codes(): readonly string[] {
    return this.notices.map((notice) => notice.code);
  }

  start(): void {
    const { name, nodes, network, clock } = this.#setting;
    const index = nodes.indexOf(name) + 1;
    const uuid = `00000000-0000-4000-8000-00000000000${index}`;
    const seed = BigInt(++this.#starts * 1000 + index);
    const cib = this.files.get("cib.xml");
    const parsed = cib === undefined ? undefined : parseXml(cib);
    const lineage = this.files.get("cib.lineage");
    const node = new Node(
      {
        membership: {
          self: { name, uuid, bootId: this.#bootId },
          ...{ nodes, timings: simulatedTimings, keyring },
        },
        stored: {
          ...(parsed?.ok === true && { cib: parsed.value }),
          ...(lineage !== undefined && { lineage }),
        },
        schedule: clusterScheduler,
      },
      new Prng(seed),
      { now: clock.now, wall: this.#wall() },
    );
    this.#node = node;
    network.attach(name, {
      datagram: (from, bytes) =>
        this.give({ kind: "datagram", path: "eth0", address: from, bytes }),
      link: (event) => this.give(event as NodeEvent),
    });
    this.give({ kind: "own-addresses", addresses: [addressOf(index)] });
  }

  /** The daemon dies without a word; guests go on. */
  kill(): void {
    this.#node = undefined;
    this.#timer++;
    this.#setting.network.detach(this.name, true);
  }

  powerOff(): void {
    this.kill();
    this.#setting.network.detach(this.name, false);
    this.#bootId++;
    this.#setting.guestsOf(this.name).clear();
  }

  ask(request: ClientRequest): Asked {
    const id = ++this.#lastRequest;
    const asked: Asked = { reply: undefined };
    this.#asked.set(id, asked);
    this.give({ kind: "client-request", id, request });
    return asked;
  }

  disk(drbdResource: string, facts: DiskFacts | undefined): void {
    this.give({ kind: "disk-facts", drbdResource, facts });
  }

  give(event: NodeEvent): void {
    const node = this.#node;
    if (node === undefined) return;
    const effects = node.handle(event, this.#setting.clock.now, this.#wall());
    for (const effect of effects) this.#perform(effect);
    this.#setTimer();
  }

  #wall(): ReturnType<typeof wallTime> {
    return wallTime(wallStart + this.#setting.clock.now);
  }

  #setTimer(): void {
    const deadline = this.#node?.nextDeadline();
    const timer = ++this.#timer;
    if (deadline === undefined) return;
    const { clock } = this.#setting;
    clock.after(Math.max(0, deadline - clock.now), () => {
      if (timer === this.#timer) this.give({ kind: "wake" });
    });
  }

  /** Answers the node that asked, not one that was started later. */
  #later(delayMs: number, event: () => NodeEvent): void {
    const node = this.#node;
    this.#setting.clock.after(delayMs, () => {
      if (node === this.#node) this.give(event());
    });
  }

  #perform(effect: NodeEffect): void {
    const { network } = this.#setting;
    switch (effect.kind) {
      case "send-datagram":
        network.broadcast(this.name, effect.bytes);
        return;
      case "dial":
        network.perform(this.name, { ...effect, address: this.#hostAt(effect.address) });
        return;
      case "write":
      case "close":
        network.perform(this.name, effect);
        return;
      case "gone":
        this.kill();
        return;
      case "write-file":
        this.#write(effect);
        return;
      case "remove-file":
        this.files.delete(effect.path);
        return;
      case "run-agent":
        this.#runAgent(effect);
        return;
      case "cancel-agent":
        this.#running.get(effect.token)?.();
        return;
      case "run-fence-agent":
        this.#setting.onFence(this, effect);
        return;
      case "find-disks": {
        const { token, resource } = effect;
        const drbdResources = this.disksOf.get(resource) ?? [];
        this.#later(1, () => ({ kind: "disks-found", token, drbdResources }));
        return;
      }
      case "hint-peer-lost":
      case "set-disk-fencing-policy":
      case "fence-verdict":
      case "outdate-disk":
      case "force-copy":
        this.diskEffects.push(effect);
        return;
      case "client-reply": {
        const asked = this.#asked.get(effect.id);
        if (asked?.reply !== undefined) throw new Error("a request is answered once");
        if (asked !== undefined) asked.reply = effect.reply;
        return;
      }
      case "notice":
        this.notices.push(effect);
        return;
      default:
    }
  }

  #write({ token, path, text }: Extract<NodeEffect, { kind: "write-file" }>): void {
    const node = this.#node;
    this.#setting.clock.after(2, () => {
      if (node !== this.#node) return;
      const error = this.storageError;
      if (error === undefined) this.files.set(path, text);
      this.give({ kind: "file-written", token, ...(error !== undefined && { error }) });
    });
  }

  #runAgent({ token, call }: RunAgent): void {
    this.runs.push(`${call.action} ${call.resource}`);
    const answer = this.answer(call);
    const node = this.#node;
    const end = (rc: number): void => {
      this.#running.delete(token);
      if (node === this.#node) this.give({ kind: "agent-ended", token, rc, reason: "" });
    };
    this.#running.set(token, () => end(1));
    if (answer === "never") return;
    this.#setting.clock.after(this.agentMs, () => {
      if (this.#running.has(token) && node === this.#node) end(answer ?? this.#act(call));
    });
  }

  #act({ action, resource, meta }: RunAgent["call"]): number {
    const guests = this.#setting.guestsOf(this.name);
    switch (action) {
      case "start":
        guests.add(resource);
        return 0;
      case "stop":
        guests.delete(resource);
        return 0;
      case "migrate_to":
        guests.delete(resource);
        this.#setting.guestsOf(meta["migrate_target"] ?? "").add(resource);
        return 0;
      default:
        return guests.has(resource) ? 0 : 7;
    }
  }

  #hostAt(address: string): string {
    const { nodes } = this.#setting;
    return nodes.find((_, i) => addressOf(i + 1) === address) ?? "nobody";
  }
}

function addressOf(index: number): string {
  return `10.0.0.${index}`;
}
