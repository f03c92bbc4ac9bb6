/**
 * One fault at one moment, for every moment: a tale is told once to count its moments, the packets that arrive and the
 * disk writes and flushes that take effect, and then once for each of them with a fault right after it.
 */
import { Prng } from "../../src/base/prng.ts";
import { withPoisonedGlobals } from "../kernel/poisoned-globals.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { SimNetwork } from "../kernel/sim-network.ts";
import { Trace } from "../kernel/trace.ts";
import { Cluster } from "./cluster.ts";
import { Episode, failureOf } from "./episode.ts";
import { addPair, twoHosts } from "./pair.ts";
import { healLinks, healPair } from "./recovery.ts";
import type { SimNode, SimWorld } from "./sim-node.ts";
import type { SocketName } from "./sim-sockets.ts";

export type Tale = {
  readonly name: string;
  /** With fencing: a Primary that loses its peer waits for a verdict. */
  readonly careful: boolean;
  run(play: Play): void;
};

/** What tales are told with. A step that can't be done after a fault is left out. */
export type Play = {
  readonly world: SimWorld;
  readonly cluster: Cluster;
  readonly alpha: SimNode;
  readonly bravo: SimNode;
  advance(ms: number): void;
};

export type MomentKind = "packet" | "disk";

export type MomentFault = {
  readonly name: string;
  /** @param node who received the packet, or whose disk it is. */
  strike(play: Play, node: SimNode): void;
};

export type Moment = {
  readonly kind: MomentKind;
  /** From 1. */
  readonly number: number;
  readonly fault: MomentFault;
};

export type TaleResult = {
  /** Undefined: all laws held. */
  readonly failure: string | undefined;
  readonly moments: Readonly<Record<MomentKind, number>>;
  readonly lastLines: readonly string[];
};

const volumeBytes = 16 * 1024 * 1024;

/** Tells the tale, with the fault at its moment. */
export function runTale(tale: Tale, moment?: Moment, print?: (line: string) => void): TaleResult {
  return withPoisonedGlobals(() => new Telling(tale, moment, print).run());
}

class Telling {
  readonly #tale: Tale;
  readonly #moment: Moment | undefined;
  readonly #trace: Trace;
  readonly #play: Play;
  readonly #episode: Episode;
  readonly #count: Record<MomentKind, number> = { packet: 0, disk: 0 };

  constructor(tale: Tale, moment: Moment | undefined, print?: (line: string) => void) {
    this.#tale = tale;
    this.#moment = moment;
    this.#trace = new Trace(print);
    const prng = new Prng(BigInt(tale.name.length));
    const clock = new SimClock();
    const network = new SimNetwork(clock, prng.fork());
    const world = { clock, prng, trace: this.#trace, network };
    const guest = { volumeBytes, depth: 4, pauseMs: 40, writeBytesMax: 16 * 1024 };
    const cluster = new Cluster(world, guest, { careful: tale.careful });
    const fencing = tale.careful ? "resource-and-stonith" : "dont-care";
    const [alpha, bravo] = addPair(world, cluster, {
      resource: "r0",
      hosts: twoHosts,
      volumeBytes,
      net: { afterSb0pri: "discard-zero-changes", afterSb1pri: "discard-secondary" },
      disk: { fencing, alExtents: 3 },
    });
    cluster.nodes.push(alpha, bravo);
    this.#episode = new Episode(world, cluster);
    const advance = (ms: number): void => this.#episode.advance(ms);
    this.#play = { world, cluster, alpha, bravo, advance };
  }

  run(): TaleResult {
    const { world, alpha, bravo } = this.#play;
    const failure = failureOf(() => {
      this.#episode.begin("skipped");
      this.#listen();
      this.#tale.run(this.#play);
      healPair(world, [alpha, bravo]);
      this.#episode.settle();
    });
    return { failure, moments: this.#count, lastLines: this.#trace.lastLines() };
  }

  #listen(): void {
    for (const node of [this.#play.alpha, this.#play.bravo]) {
      node.tap = { onReceived: () => this.#onMoment("packet", node) };
      node.disk.onEffect = () => this.#onMoment("disk", node);
    }
  }

  #onMoment(kind: MomentKind, node: SimNode): void {
    const number = ++this.#count[kind];
    const moment = this.#moment;
    if (moment === undefined || moment.kind !== kind || moment.number !== number) return;
    const { now } = this.#play.world.clock;
    this.#trace.write(`${now.toFixed(3).padStart(11)} fault ${moment.fault.name} (${node.name})`);
    moment.fault.strike(this.#play, node);
  }
}

/** Every moment of a tale, each with one fault in turn, or with every fault. */
export function momentsOf(
  counts: TaleResult["moments"],
  faults: "in turn" | "all",
): readonly Moment[] {
  const moments: Moment[] = [];
  for (const kind of ["packet", "disk"] as const) {
    for (let number = 1; number <= counts[kind]; number++) {
      for (const [i, fault] of faultsOf[kind].entries()) {
        if (faults === "all" || i === number % faultsOf[kind].length)
          moments.push({ kind, number, fault });
      }
    }
  }
  return moments;
}

const packetFaults: readonly MomentFault[] = [
  { name: "both sockets break", strike: (_, node) => breakSockets(node, ["data", "meta"]) },
  { name: "the data socket breaks", strike: (_, node) => breakSockets(node, ["data"]) },
  { name: "the meta socket breaks", strike: (_, node) => breakSockets(node, ["meta"]) },
  { name: "the data socket stalls", strike: (play, node) => stall(play, node, "data") },
  { name: "the meta socket stalls", strike: (play, node) => stall(play, node, "meta") },
  { name: "the link is cut", strike: (play) => cutLink(play, ["there", "back"]) },
  { name: "the link is cut in one direction", strike: (play) => cutLink(play, ["there"]) },
  { name: "the receiver's process dies", strike: crash },
  { name: "the sender's process dies", strike: (play, node) => crash(play, peerOf(play, node)) },
];

const diskFaults: readonly MomentFault[] = [
  { name: "the process dies", strike: crash },
  { name: "the host loses power", strike: powerCut },
  {
    name: "both hosts lose power",
    strike: (play, node) => {
      powerCut(play, node);
      powerCut(play, peerOf(play, node));
    },
  },
];

const faultsOf: Readonly<Record<MomentKind, readonly MomentFault[]>> = {
  packet: packetFaults,
  disk: diskFaults,
};

function peerOf(play: Play, node: SimNode): SimNode {
  return play.cluster.other(node);
}

function breakSockets(node: SimNode, names: readonly SocketName[]): void {
  for (const name of names) node.stream(name)?.breakOff();
}

/** Longer than a ping and its answer may take. */
const stallMs = 15_000;

function stall(play: Play, node: SimNode, socket: SocketName): void {
  const stream = node.stream(socket);
  stream?.stall(true);
  play.world.clock.after(stallMs, () => stream?.stall(false));
}

function cutLink(play: Play, directions: readonly ("there" | "back")[]): void {
  const { world, alpha, bravo } = play;
  if (directions.includes("there"))
    world.network.setLink(alpha.address, bravo.address, { up: false });
  if (directions.includes("back"))
    world.network.setLink(bravo.address, alpha.address, { up: false });
  world.clock.after(stallMs, () => healLinks(world.network, [alpha, bravo]));
}

function crash(play: Play, node: SimNode): void {
  if (!node.running) return;
  play.cluster.crash(node);
  play.world.clock.after(300, () => {
    if (node.powered && !node.running) node.start();
  });
}

function powerCut(play: Play, node: SimNode): void {
  if (!node.powered) return;
  play.cluster.powerCut(node);
  play.world.clock.after(2000, () => {
    if (node.powered) return;
    node.powerOn();
    node.start();
  });
}
