/** One start of holdfastd on a simulated host: the node's machine, and the shell that performs its effects. */
import { assert, present } from "../../../src/base/assert.ts";
import { Prng } from "../../../src/base/prng.ts";
import type { ClientReply, ClientRequest } from "../../../src/core/node/client-requests.ts";
import { clusterScheduler } from "../../../src/core/node/cluster-scheduler.ts";
import type { NodeEffect } from "../../../src/core/node/effects.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import { Node } from "../../../src/core/node/node.ts";
import type { NodeStatus } from "../../../src/core/node/node-status.ts";
import type { FencePeer } from "../../../src/core/replication/effects.ts";
import type { Keyring } from "../../../src/formats/cluster-packet/keyring.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { SimTimer } from "../../kernel/sim-clock.ts";
import type { SimNode } from "../../replication/sim-node.ts";
import { addressOf, type ClusterShape } from "./cluster-shape.ts";
import { DaemonAgents } from "./daemon-agents.ts";
import { DaemonDisks } from "./daemon-disks.ts";
import { DaemonRemotes } from "./daemon-remotes.ts";
import { DaemonStreams } from "./daemon-streams.ts";
import type { GuestLedger } from "./guest-ledger.ts";
import type { HostedDaemon } from "./hosted-daemon.ts";
import type { PowerSwitch } from "./power-switch.ts";
import type { PromiseWork } from "./promise-work.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./sim-world.ts";

const port = 694;
const path = "eth0";
/** Of each host. */
const processors = 2;

export type DaemonOptions = {
  readonly world: World;
  readonly shape: ClusterShape;
  readonly host: SimHost;
  readonly keyring: Keyring;
  readonly promises: PromiseWork;
  readonly etc: ReadonlyMap<string, string>;
  readonly ledgers: ReadonlyMap<string, GuestLedger>;
  readonly powerSwitch: PowerSwitch;
  /** How much longer starts and migrations take than at their quickest. */
  readonly pace: number;
  /** Every effect but datagrams and streams, before it is performed. */
  onEffect(daemon: SimDaemon, effect: NodeEffect): void;
  onClientReply(daemon: SimDaemon, reply: ClientReply, request: ClientRequest): void;
};

export class SimDaemon implements HostedDaemon {
  readonly host: SimHost;
  readonly #options: DaemonOptions;
  readonly #node: Node;
  readonly #streams: DaemonStreams;
  readonly #remotes: DaemonRemotes;
  readonly #disks: DaemonDisks;
  readonly #agents: DaemonAgents;
  readonly #clients = new Map<
    number,
    { readonly request: ClientRequest; readonly done: (reply: ClientReply) => void }
  >();
  #alive = true;
  #held: (() => void)[] | undefined;
  #timer: SimTimer | undefined;
  #isWakeDue = false;
  #lastClient = 0;

  constructor(options: DaemonOptions) {
    this.#options = options;
    const { world, host } = options;
    this.host = host;
    const deliver = (run: () => void): void => this.deliver(run);
    const give = (event: NodeEvent): void => this.#give(event);
    const { address } = host;
    const speaksOtherVersion = (): boolean => host.speaksOtherVersion;
    this.#streams = new DaemonStreams({ world, address, deliver, give, speaksOtherVersion });
    this.#remotes = new DaemonRemotes({ world, address, deliver }, give);
    this.#disks = new DaemonDisks({ world, host, deliver, give });
    this.#agents = new DaemonAgents({ ...options, deliver, give });
    this.#node = this.#makeNode();
    this.#begin();
  }

  get name(): string {
    return this.host.name;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  get cib(): XmlElement {
    return this.#node.cib;
  }

  status(): NodeStatus {
    return this.#node.status(this.#options.world.clock.now, this.host.wallNow());
  }

  /** A command of a person on this host. `done` is never called when the daemon ends first. */
  request(request: ClientRequest, done: (reply: ClientReply) => void = () => {}): void {
    const id = ++this.#lastClient;
    this.#clients.set(id, { request, done });
    this.#options.world.clock.after(0.2, () =>
      this.deliver(() => this.#give({ kind: "client-request", id, request })),
    );
  }

  /** Runs in the process: at once, when it goes on, or never when it has ended. */
  deliver(run: () => void): void {
    if (!this.#alive) return;
    if (this.#held !== undefined) this.#held.push(run);
    else run();
  }

  freeze(): void {
    this.#held ??= [];
  }

  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    // A runtime looks at its timers first, or at its sockets.
    const timersFirst = this.#options.world.prng.chance(0.5);
    if (timersFirst) this.#wakeIfDue();
    for (const run of held) this.deliver(run);
    if (!timersFirst) this.#wakeIfDue();
  }

  end(): void {
    this.#alive = false;
    this.#options.world.clock.cancel(this.#timer);
  }

  onServerStatus(drbdResource: string, node: SimNode): void {
    this.#disks.onStatus(drbdResource, node);
  }

  onServerEnd(drbdResource: string): void {
    this.#disks.onEnd(drbdResource);
  }

  onFencePeer(drbdResource: string, request: FencePeer): void {
    this.#disks.onFencePeer(drbdResource, request);
  }

  onLoad(oneMinute: number): void {
    this.deliver(() => this.#give({ kind: "load", load: { oneMinute, processors } }));
  }

  #makeNode(): Node {
    const { world, shape, host, keyring } = this.#options;
    const cib = host.files.read("cib.xml");
    const lineage = host.files.read("cib.lineage");
    const uuid = `00000000-0000-4000-8000-00000000000${shape.nodes.indexOf(host.name) + 1}`;
    const self = { name: host.name, uuid, bootId: host.bootId };
    const stored = {
      ...(cib === undefined ? {} : { cib: parsed(cib) }),
      ...(lineage === undefined ? {} : { lineage }),
    };
    return new Node(
      {
        membership: { self, nodes: shape.nodes, timings: shape.timings, keyring },
        stored,
        schedule: clusterScheduler,
      },
      new Prng(world.prng.u64()),
      { now: world.clock.now, wall: host.wallNow() },
    );
  }

  #begin(): void {
    const { world, shape, host } = this.#options;
    world.network.bindDatagrams(host.address, port, (from, bytes) =>
      this.deliver(() => this.#give({ kind: "datagram", path, address: from, bytes })),
    );
    this.#streams.listen();
    // What a process does first, it does by itself: nobody is called before it is there.
    world.clock.after(0, () =>
      this.deliver(() => {
        this.#give({ kind: "own-addresses", addresses: [addressOf(shape, host.name)] });
        this.#disks.begin();
        this.#give({ kind: "wake" });
        if (host.load !== undefined) this.onLoad(host.load);
      }),
    );
  }

  #give(event: NodeEvent): void {
    if (!this.#alive) return;
    const { clock } = this.#options.world;
    const effects = this.#node.handle(event, clock.now, this.host.wallNow());
    for (const effect of effects) {
      if (!this.#alive) return;
      this.#perform(effect);
    }
    if (this.#alive) this.#setTimer();
  }

  #setTimer(): void {
    const { clock, prng } = this.#options.world;
    const deadline = this.#node.nextDeadline();
    clock.cancel(this.#timer);
    this.#timer = undefined;
    if (deadline === undefined) return;
    const lateMs = prng.below(1000) / 500;
    this.#timer = clock.after(Math.max(0, deadline - clock.now) + lateMs, () => {
      this.#isWakeDue = true;
      if (this.#held === undefined) this.#wakeIfDue();
    });
  }

  #wakeIfDue(): void {
    if (!this.#isWakeDue) return;
    this.#isWakeDue = false;
    this.#give({ kind: "wake" });
  }

  #perform(effect: NodeEffect): void {
    switch (effect.kind) {
      case "send-datagram":
        this.#broadcast(effect.bytes);
        return;
      case "dial":
      case "write":
      case "close":
        this.#streams.perform(effect);
        return;
      default:
        this.#options.onEffect(this, effect);
        this.#performLocal(effect);
    }
  }

  #performLocal(
    effect: Exclude<NodeEffect, { kind: "send-datagram" | "dial" | "write" | "close" }>,
  ): void {
    switch (effect.kind) {
      case "remote-dial":
      case "remote-write":
      case "remote-close":
        this.#remotes.perform(effect);
        return;
      case "run-agent":
        this.#agents.run(effect);
        return;
      case "cancel-agent":
        this.#agents.cancel(effect.token);
        return;
      case "find-disks":
        this.#agents.findDisks(effect);
        return;
      case "answer-peer-agent":
      case "peer-agent-reply":
        this.#agents.onPeerEffect(effect);
        return;
      case "run-fence-agent":
        this.#options.powerSwitch.run(this.name, effect, (ended) =>
          this.deliver(() => this.#give(ended)),
        );
        return;
      case "write-file":
        this.#writeFile(effect);
        return;
      case "remove-file":
        this.host.files.remove(effect.path);
        return;
      case "hint-peer-lost":
      case "set-disk-fencing-policy":
      case "fence-verdict":
      case "outdate-disk":
      case "force-copy":
        this.#disks.perform(effect);
        return;
      case "client-reply": {
        const client = present(this.#clients.get(effect.id), "the client that is answered");
        this.#clients.delete(effect.id);
        this.#options.onClientReply(this, effect.reply, client.request);
        client.done(effect.reply);
        return;
      }
      case "gone":
        this.host.killDaemon();
        return;
      case "notice":
      case "status-changed":
        return;
    }
  }

  #broadcast(bytes: Uint8Array): void {
    const { world, shape, host } = this.#options;
    for (const node of shape.nodes) {
      world.network.sendDatagram(host.address, addressOf(shape, node), port, bytes);
    }
  }

  #writeFile({ token, path: file, text }: Extract<NodeEffect, { kind: "write-file" }>): void {
    this.host.files.write(file, text, (error) =>
      this.deliver(() =>
        this.#give({ kind: "file-written", token, ...(error === undefined ? {} : { error }) }),
      ),
    );
  }
}

/** What was stored as a whole can be read. */
function parsed(text: string): XmlElement {
  const read = parseXml(text);
  assert(read.ok, "the stored CIB is whole");
  return present(read.ok ? read.value : undefined, "the stored CIB");
}
