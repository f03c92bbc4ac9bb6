/**
 * A simulated cluster: hosts that run the real machines (core/node, core/replication) and the real guest agent, on simulated
 * disks, network, power and guests, all from one seed. The laws are looked at after every step.
 */
import { assert, present } from "../../src/base/assert.ts";
import { Prng } from "../../src/base/prng.ts";
import type { ClientReply, ClientRequest } from "../../src/core/node/client-requests.ts";
import type { NodeEffect } from "../../src/core/node/effects.ts";
import { parseAuthKeys } from "../../src/formats/authkeys/parse-authkeys.ts";
import { keyringOf } from "../../src/formats/cluster-packet/authkeys-keyring.ts";
import type { Keyring } from "../../src/formats/cluster-packet/keyring.ts";
import { SimulatedGuests } from "../guests/simulated-guests.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { SimNetwork } from "../kernel/sim-network.ts";
import type { Trace } from "../kernel/trace.ts";
import type { NodeWatcher, SimNode } from "../replication/sim-node.ts";
import { LawWatch, ledgerOf } from "./laws/law-watch.ts";
import { addressOf, type ClusterShape, diskAddressOf } from "./world/cluster-shape.ts";
import { DaemonDisks, factsOf } from "./world/daemon-disks.ts";
import { GuestLedger } from "./world/guest-ledger.ts";
import { domainFiles } from "./world/howto-cib.ts";
import { NodeInside } from "./world/node-inside.ts";
import { PowerSwitch } from "./world/power-switch.ts";
import { PromiseWork } from "./world/promise-work.ts";
import { SimDaemon } from "./world/sim-daemon.ts";
import { addDisks } from "./world/sim-disks.ts";
import { SimHost } from "./world/sim-host.ts";
import { SimRemoteNode } from "./world/sim-remote-node.ts";
import { traceLine, type World } from "./world/sim-world.ts";

/** How often guests look whether they can go on, and NBD clients whether they can reconnect. */
const pollMs = 50;
const recordRestMs: readonly [number, number] = [20, 300];

export type ClusterWatcher = {
  onEffect?(daemon: SimDaemon, effect: NodeEffect): void;
  onClientReply?(daemon: SimDaemon, reply: ClientReply, request: ClientRequest): void;
  /** Roles or states of a DRBD resource on a host are others. */
  onDisk?(host: SimHost, drbdResource: string, server: SimNode): void;
  onStep?(): void;
};

/** What is not done as it is said: to see whether the laws notice. */
export type Lie =
  /** The power switch says "off" of a host that goes on. */
  | "power-switch"
  /** A file is said to be on stable storage, and is not. */
  | "storage"
  /** A disk that asks whether it may go on alone is told so at once. */
  | "verdict";

export type ClusterOptions = {
  readonly seed: bigint;
  readonly shape: ClusterShape;
  readonly trace: Trace;
  readonly lie?: Lie;
  /** How much longer starts and migrations take than at their quickest; 1 unless given. */
  readonly pace?: number;
  readonly watcher?: ClusterWatcher;
};

export class SimCluster {
  readonly world: World;
  readonly shape: ClusterShape;
  readonly laws: LawWatch;
  readonly powerSwitch: PowerSwitch;
  readonly guests: SimulatedGuests = new SimulatedGuests();
  readonly promises: PromiseWork = new PromiseWork();
  readonly hosts: ReadonlyMap<string, SimHost>;
  readonly remotes: ReadonlyMap<string, SimRemoteNode>;
  readonly ledgers: ReadonlyMap<string, GuestLedger>;
  /** Ids of dummy resources that are to run once. */
  readonly services: string[] = [];
  readonly #nodesInside: readonly NodeInside[];
  readonly #options: ClusterOptions;
  readonly #keyring: Keyring = keys();
  readonly #etc: ReadonlyMap<string, string>;

  constructor(options: ClusterOptions) {
    const { seed, shape, trace } = options;
    this.#options = options;
    this.shape = shape;
    this.#etc = domainFiles(shape);
    const prng = new Prng(seed);
    const clock = new SimClock();
    this.world = { clock, prng, trace, network: new SimNetwork(clock, prng.fork()) };
    this.powerSwitch = new PowerSwitch(clock, prng.fork());
    if (options.lie === "power-switch") this.powerSwitch.mood = "lies";
    this.hosts = new Map(shape.nodes.map((name) => [name, this.#makeHost(name)]));
    const remotes = (shape.remotes ?? []).map((name) => this.#makeRemote(name));
    this.#nodesInside = shape.guests.flatMap(({ name, nodeInside }) =>
      nodeInside === undefined
        ? []
        : [new NodeInside(new SimRemoteNode(this.world, nodeInside), name)],
    );
    const inside = this.#nodesInside.map(({ node }) => node);
    this.remotes = new Map([...remotes, ...inside].map((each) => [each.name, each]));
    this.ledgers = this.#makeLedgers(prng.fork());
    this.laws = this.#makeLaws();
    for (const guest of shape.guests) {
      addDisks(this.world, shape, guest, { hosts: this.hosts, watcher: this.#diskWatcher() });
    }
  }

  get nowMs(): number {
    return this.world.clock.now;
  }

  host(name: string): SimHost {
    const host = this.hosts.get(name);
    assert(host !== undefined, `there is a host ${name}`);
    return present(host, "the host");
  }

  /** A host, or a remote node. */
  machine(name: string): SimHost | SimRemoteNode {
    return this.remotes.get(name) ?? this.host(name);
  }

  /** All on which services may run. */
  machines(): readonly (SimHost | SimRemoteNode)[] {
    return [...this.hosts.values(), ...this.remotes.values()];
  }

  trace(text: string): void {
    traceLine(this.world, "-", text);
  }

  async advance(ms: number): Promise<void> {
    const { clock } = this.world;
    const end = clock.now + ms;
    while (clock.step(end)) {
      await this.promises.settle();
      this.laws.onStep();
      this.#options.watcher?.onStep?.();
    }
  }

  /** @returns whether it came to be within the limit. */
  async until(limitMs: number, condition: () => boolean): Promise<boolean> {
    const end = this.nowMs + limitMs;
    while (!condition()) {
      if (this.nowMs >= end) return false;
      await this.advance(pollMs);
    }
    return true;
  }

  /** Disk servers up and in sync with empty volumes, then the daemons, which have no configuration yet. */
  async begin(): Promise<void> {
    this.#poll();
    for (const host of this.hosts.values()) {
      for (const drbdResource of host.servers.keys()) host.startServer(drbdResource);
    }
    assert(await this.until(60_000, () => this.disksAre("Connected")), "the disks find each other");
    for (const { drbdResources, nodes } of this.shape.guests) {
      for (const drbdResource of drbdResources) {
        const server = this.host(nodes[0]).servers.get(drbdResource);
        server?.admin({ name: "new-current-uuid", volume: 0, clearBitmap: true }, () => {});
      }
    }
    assert(
      await this.until(60_000, () => this.areDisksInSync()),
      "the first sync comes to its end",
    );
    for (const host of this.hosts.values()) host.startDaemon();
  }

  disksAre(conn: string): boolean {
    return this.#volumes().every((volume) => volume?.conn === conn);
  }

  areDisksInSync(): boolean {
    return this.#volumes().every(
      (volume) =>
        volume?.conn === "Connected" &&
        volume.disk === "UpToDate" &&
        volume.peerDisk === "UpToDate",
    );
  }

  /** The direction from the one to the other: of everything, of what the daemons say, or of the disks. */
  setLink(from: string, to: string, up: boolean, what: "all" | "cluster" | "disks" = "all"): void {
    this.trace(`from ${from} to ${to} (${what}): ${up ? "heals" : "is cut"}`);
    const { network } = this.world;
    if (what !== "disks")
      network.setLink(addressOf(this.shape, from), addressOf(this.shape, to), { up });
    if (what !== "cluster") this.#setDiskLinks(from, to, up);
    this.#onReachChanged();
  }

  #setDiskLinks(from: string, to: string, up: boolean): void {
    for (const { drbdResources, nodes } of this.shape.guests) {
      if (!nodes.includes(from) || !nodes.includes(to)) continue;
      for (const each of drbdResources) {
        const [a, b] = [from, to].map((node) => diskAddressOf(this.shape, node, each));
        this.world.network.setLink(a ?? "", b ?? "", { up });
      }
    }
  }

  cut(a: string, b: string): void {
    this.setLink(a, b, false);
    this.setLink(b, a, false);
  }

  heal(): void {
    for (const from of this.shape.nodes) {
      for (const to of this.shape.nodes) if (from !== to) this.setLink(from, to, true);
    }
  }

  /** The guest's process ends by itself. */
  crashGuest(guest: string): void {
    this.promises.touch();
    for (const host of this.hosts.values()) {
      if (host.isAwake && host.guests.executes(guest)) {
        traceLine(this.world, host.name, `${guest} crashes`);
        host.guests.crash(guest);
      }
    }
  }

  /** Names of the hosts and remote nodes on which a guest or a dummy executes. */
  where(resource: string): readonly string[] {
    return this.machines()
      .filter((machine) => machine.isAwake && machine.executes(resource))
      .map(({ name }) => name);
  }

  /** What a copy lacks of what was acknowledged, on disk, for every copy that calls itself UpToDate. */
  checkCopies(): void {
    for (const { name, nodes } of this.shape.guests) {
      for (const node of nodes) {
        const server = this.host(node).servers.get(ledgerOf(name));
        if (server?.status()?.volumes[0]?.disk !== "UpToDate") continue;
        const lack = this.ledgers.get(name)?.lackOf(server.disk.readNow(0, 64 * 1024));
        if (lack !== undefined) this.laws.broken(`${ledgerOf(name)} on ${node}: ${lack}`);
      }
    }
  }

  #volumes(): readonly (
    | NonNullable<ReturnType<SimNode["status"]>>["volumes"][number]
    | undefined
  )[] {
    return [...this.hosts.values()].flatMap((host) =>
      [...host.servers.values()].map((server) => server.status()?.volumes[0]),
    );
  }

  #makeHost(name: string): SimHost {
    const address = addressOf(this.shape, name);
    this.world.network.addHost(address);
    const host = new SimHost({
      world: this.world,
      name,
      address,
      makeDaemon: (of) => this.#makeDaemon(of),
      onChanged: () => this.#onReachChanged(),
    });
    host.files.pretends = this.#options.lie === "storage";
    host.guestNames.push(...this.shape.guests.map((guest) => guest.name));
    host.addGuests(this.guests.addHost(name, host.drives));
    this.powerSwitch.connect(host);
    return host;
  }

  #makeRemote(name: string): SimRemoteNode {
    const remote = new SimRemoteNode(this.world, name);
    this.powerSwitch.connect(remote);
    return remote;
  }

  #makeDaemon(host: SimHost): SimDaemon {
    const { watcher } = this.#options;
    return new SimDaemon({
      world: this.world,
      shape: this.shape,
      host,
      keyring: this.#keyring,
      promises: this.promises,
      etc: this.#etc,
      ledgers: this.ledgers,
      powerSwitch: this.powerSwitch,
      pace: this.#options.pace ?? 1,
      onEffect: (daemon, effect) => {
        this.#traceEffect(daemon, effect);
        if (effect.kind === "fence-verdict")
          this.laws.onVerdict(daemon.host, effect.drbdResource, effect);
        watcher?.onEffect?.(daemon, effect);
      },
      onClientReply: (daemon, reply, request) => watcher?.onClientReply?.(daemon, reply, request),
    });
  }

  #makeLedgers(prng: Prng): ReadonlyMap<string, GuestLedger> {
    const watcher = {
      lost: (guest: string, message: string) => this.laws.broken(`${guest} on ${message}`),
      acknowledged: () => {},
    };
    const restMs = (): number => prng.between(...recordRestMs);
    return new Map(
      this.shape.guests.map(({ name }) => [
        name,
        new GuestLedger({ guest: name, drbdResource: ledgerOf(name), watcher, restMs }),
      ]),
    );
  }

  #makeLaws(): LawWatch {
    return new LawWatch({
      hosts: [...this.hosts.values()],
      remotes: [...this.remotes.values()],
      guests: this.shape.guests.map(({ name }) => name),
      services: this.services,
      drbdResources: new Map(
        this.shape.guests.flatMap(({ drbdResources, nodes }) =>
          drbdResources.map((each) => [each, nodes]),
        ),
      ),
      ledgers: this.ledgers,
      nowMs: () => this.nowMs,
      tell: (text) => this.trace(text),
    });
  }

  #diskWatcher(): NodeWatcher {
    const hostOf = (node: SimNode): SimHost => this.host(node.settings.nodeName);
    return {
      onNotice: (node, notice) => {
        if (notice.code === "resync-began" && notice.message.includes("SyncTarget"))
          this.laws.onResync(hostOf(node), node.settings.name);
      },
      onFencePeer: (node, effect) => {
        const host = hostOf(node);
        this.laws.onFencePeer(host, node.settings.name, effect);
        if (this.#options.lie === "verdict") {
          const verdict = { kind: "fence-verdict", request: effect.request, exitCode: 7 } as const;
          this.world.clock.after(1, () => node.event(verdict));
        }
        DaemonDisks.keep(node, effect);
        host.daemon?.onFencePeer(node.settings.name, effect);
      },
      onEvent: () => {},
      onStatusChanged: (node) => {
        const host = hostOf(node);
        const { name } = node.settings;
        this.laws.onDisk(host, name, factsOf(node));
        host.daemon?.onServerStatus(name, node);
        this.#options.watcher?.onDisk?.(host, name, node);
      },
    };
  }

  /** Guests' memory gets through where the network does, from and to hosts that are awake. */
  #onReachChanged(): void {
    this.promises.touch();
    for (const from of this.shape.nodes) {
      for (const to of this.shape.nodes) {
        const link = this.world.network.link(
          addressOf(this.shape, from),
          addressOf(this.shape, to),
        );
        const isReached = link.up && this.host(from).isAwake && this.host(to).isAwake;
        if (isReached) this.guests.cut.delete(`${from} ${to}`);
        else this.guests.cut.add(`${from} ${to}`);
      }
    }
  }

  #poll(): void {
    const hosts = [...this.hosts.values()];
    for (const host of hosts) if (host.isAwake) host.drives.reconnect();
    for (const ledger of this.ledgers.values()) ledger.poll(hosts, this.nowMs);
    for (const inside of this.#nodesInside) inside.poll(hosts);
    this.world.clock.after(pollMs, () => this.#poll());
  }

  #traceEffect(daemon: SimDaemon, effect: NodeEffect): void {
    const text = effectText(effect);
    if (text !== undefined) traceLine(this.world, daemon.name, text);
  }
}

function effectText(effect: NodeEffect): string | undefined {
  switch (effect.kind) {
    case "notice":
      return `${effect.level} ${effect.code}: ${effect.message}`;
    case "write-file":
      return `writes ${effect.path} (${effect.text.length})`;
    case "run-agent":
      return `runs ${effect.call.action} of ${effect.call.resource}`;
    case "run-fence-agent":
      return `runs ${effect.device.id} ${effect.action} ${effect.node ?? ""}`;
    case "client-reply":
      return `answers ${JSON.stringify(effect.reply)}`;
    case "gone":
      return `is gone (${effect.intent})`;
    case "status-changed":
    case "send-datagram":
    case "write":
    case "remote-write":
    case "peer-agent-reply":
      return undefined;
    case "answer-peer-agent":
      return `is asked by ${effect.from}'s agent: ${effect.request.verb}`;
    case "remove-file":
    case "dial":
    case "close":
    case "cancel-agent":
    case "remote-dial":
    case "remote-close":
    case "find-disks":
    case "hint-peer-lost":
    case "set-disk-fencing-policy":
    case "fence-verdict":
    case "outdate-disk":
    case "force-copy":
      return JSON.stringify(effect);
  }
}

function keys(): Keyring {
  const parsed = parseAuthKeys("auth 1\n1 sha1 0123456789abcdef", "authkeys");
  assert(parsed.ok, "the keys are right");
  return keyringOf(present(parsed.ok ? parsed.value.value : undefined, "the keys"));
}
