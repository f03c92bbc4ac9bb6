/** The laws of docs/ARCHITECTURE.md, looked at after every step of a simulated cluster. */
import type { DiskFacts } from "../../../src/core/fencer/types.ts";
import type { FencePeer } from "../../../src/core/replication/effects.ts";
import { type GuestLedger, ledgerBytes } from "../world/guest-ledger.ts";
import type { SimHost } from "../world/sim-host.ts";
import type { SimRemoteNode } from "../world/sim-remote-node.ts";

export class LawBroken extends Error {
  override readonly name = "LawBroken";
}

export type LawOptions = {
  readonly hosts: readonly SimHost[];
  readonly remotes: readonly SimRemoteNode[];
  readonly guests: readonly string[];
  /** Other resources that may run in one place only. */
  readonly services: readonly string[];
  /** DRBD resources, with the node names of their copies. */
  readonly drbdResources: ReadonlyMap<string, readonly string[]>;
  readonly ledgers: ReadonlyMap<string, GuestLedger>;
  nowMs(): number;
  tell(text: string): void;
};

/** What silence that counts as death can bring about. */
export type Twin = {
  readonly atMs: number;
  readonly text: string;
  /** The nodes of a cluster at work whose status says that this can be, and those whose status does not. */
  readonly saidBy: readonly string[];
  readonly unsaidBy: readonly string[];
};

/** "Fencing is off: … two guests may run" (docs/guide/errors.md). */
const noFencing = "HF6114";

export class LawWatch {
  /** Fencing is off and hosts were cut from each other: what then happens is told, and is no fault. */
  silenceMayErr = false;
  /** Without fencing, what has no disks is told by nothing from what died with its host: law 1 is the guests' then. */
  watchesServices = true;
  readonly twins: Twin[] = [];
  readonly #options: LawOptions;
  readonly #roles = new Map<string, string>();
  readonly #twinned = new Set<string>();
  /** By host and DRBD resource: the request that a verdict must answer, and since when it was connected last. */
  readonly #asked = new Map<string, number>();
  readonly #connectedSinceMs = new Map<string, number>();
  readonly #isConnected = new Set<string>();

  constructor(options: LawOptions) {
    this.#options = options;
  }

  /** A person said something that is not so, or chose to lose data: from then on nothing is promised. */
  excuse(why: string): void {
    this.#options.tell(`law: excused from here on: ${why}`);
    this.silenceMayErr = true;
  }

  broken(text: string): void {
    if (!this.silenceMayErr) throw new LawBroken(text);
    const saidBy: string[] = [];
    const unsaidBy: string[] = [];
    for (const { name, daemon } of this.#options.hosts) {
      const status = daemon?.status();
      if (status?.role !== "dc" && status?.role !== "following") continue;
      const isSaid = status.attention.some(({ code }) => code === noFencing);
      (isSaid ? saidBy : unsaidBy).push(name);
    }
    this.twins.push({ atMs: this.#options.nowMs(), text, saidBy, unsaidBy });
    this.#options.tell(`law: ${text}`);
  }

  /** After every step: law 1, guests and all else that runs once. */
  onStep(): void {
    const { guests, services, hosts, remotes } = this.#options;
    for (const resource of this.watchesServices ? [...guests, ...services] : guests) {
      let first: SimHost | SimRemoteNode | undefined;
      for (const host of [...hosts, ...remotes]) {
        if (!host.isAwake || !host.executes(resource)) continue;
        if (first !== undefined)
          this.#once(`${resource} executes on ${first.name} and ${host.name}`);
        first = host;
      }
      if (first === undefined) this.#twinned.delete(resource);
    }
  }

  /** Law 1, volumes. */
  onDisk(host: SimHost, drbdResource: string, facts: DiskFacts | undefined): void {
    const key = `${host.name} ${drbdResource}`;
    this.#roles.set(key, facts?.role ?? "");
    if (facts?.connected !== true) this.#isConnected.delete(key);
    else if (!this.#isConnected.has(key)) {
      this.#isConnected.add(key);
      this.#connectedSinceMs.set(key, this.#options.nowMs());
    }
    const nodes = this.#options.drbdResources.get(drbdResource) ?? [];
    const primaries = nodes.filter((node) => this.#isPrimary(node, drbdResource));
    if (primaries.length > 1)
      this.#once(`${drbdResource} is Primary on ${primaries.join(" and ")}`);
  }

  onFencePeer(host: SimHost, drbdResource: string, { request }: FencePeer): void {
    this.#asked.set(`${host.name} ${drbdResource}`, request);
  }

  /** Law 4: who is told that its peer can do nothing is told the truth. */
  onVerdict(
    host: SimHost,
    drbdResource: string,
    verdict: { request: number; exitCode: number },
  ): void {
    const key = `${host.name} ${drbdResource}`;
    const nodes = this.#options.drbdResources.get(drbdResource) ?? [];
    const peer = this.#options.hosts.find(({ name }) => name !== host.name && nodes.includes(name));
    if (peer === undefined || this.#asked.get(key) !== verdict.request) return;
    const status = peer.servers.get(drbdResource)?.status();
    const disk = status?.volumes[0]?.disk ?? "";
    // It was off since they met, and does not go on by itself.
    const met = this.#connectedSinceMs.get(key) ?? 0;
    const wasOff = peer.offAtMs !== undefined && peer.offAtMs >= met && status?.role !== "Primary";
    const isOff = !peer.powered || wasOff;
    const isOutdated = status?.role === "Secondary" && disk !== "UpToDate" && disk !== "Consistent";
    if (verdict.exitCode === 7 && !isOff)
      this.broken(
        `${host.name} goes on alone with ${drbdResource}, and ${peer.name} has its power`,
      );
    if (verdict.exitCode === 4 && !isOff && !isOutdated)
      this.broken(
        `${host.name} is told that ${drbdResource} on ${peer.name} is Outdated; it is ${disk}`,
      );
  }

  /** Law 3: who is overwritten has nothing that the source lacks. */
  onResync(target: SimHost, drbdResource: string): void {
    const guest = [...this.#options.ledgers].find(([name]) => drbdResource === ledgerOf(name));
    const nodes = this.#options.drbdResources.get(drbdResource) ?? [];
    const source = this.#options.hosts.find(
      ({ name }) => name !== target.name && nodes.includes(name),
    );
    const disk = source?.servers.get(drbdResource)?.disk;
    if (guest === undefined || disk === undefined) return;
    const lack = guest[1].lackOf(disk.readNow(0, ledgerBytes));
    if (lack !== undefined)
      this.broken(`${drbdResource} on ${target.name} is overwritten by an older copy: ${lack}`);
  }

  #isPrimary(node: string, drbdResource: string): boolean {
    const host = this.#options.hosts.find(({ name }) => name === node);
    if (host?.servers.get(drbdResource)?.running !== true) return false;
    return this.#roles.get(`${node} ${drbdResource}`) === "Primary";
  }

  /** Once for as long as it lasts. */
  #once(text: string): void {
    const about = text.split(" ")[0] ?? "";
    if (this.silenceMayErr && this.#twinned.has(about)) return;
    this.#twinned.add(about);
    this.broken(text);
  }
}

/** The DRBD resource that a guest's ledger stands on. */
export function ledgerOf(guest: string): string {
  return `${guest}_root`;
}
