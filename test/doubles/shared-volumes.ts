/**
 * Two nodes' replicated disks without replication: both nodes show the same bytes, each under a DRBD role of its own.
 * The roles are as strict as DRBD's with allow-two-primaries, and what must never happen is written down: two Primaries
 * at once, and a write on a node that is not Primary. Who opens them does so over NBD (serveOverNbd), or by calls.
 */
import { mkdirSync } from "node:fs";
import type { VolumeAnswer, VolumeExport, VolumeStatus, Volumes } from "../../src/ports/volumes.ts";
import { type NbdServer, serveNbd } from "./nbd-server.ts";

const eperm = 1;
const eio = 5;
export const diskBytes: number = 16 * 1024 * 1024;

export class SharedVolumes {
  /** The bytes of each resource. */
  readonly disks = new Map<string, Buffer>();
  /** Sentences about what must not happen. */
  readonly violations: string[] = [];
  /** Resources whose disk fails. */
  readonly failing = new Set<string>();
  /** Resources that are being resynced, to the second node. */
  readonly resyncing = new Set<string>();
  /** Resources whose nodes have lost each other. */
  readonly disconnected = new Set<string>();
  readonly #nodes: NodeVolumes[] = [];

  constructor(resources: readonly string[]) {
    for (const resource of resources) this.disks.set(resource, Buffer.alloc(diskBytes));
  }

  addNode(name: string, directory: string): NodeVolumes {
    const node = new NodeVolumes(this, name, directory);
    this.#nodes.push(node);
    return node;
  }

  peersOf(node: NodeVolumes): readonly NodeVolumes[] {
    return this.#nodes.filter((each) => each !== node);
  }

  isSecond(node: NodeVolumes): boolean {
    return this.#nodes[1] === node;
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) await node.close();
  }
}

export class NodeVolumes implements Volumes {
  readonly name: string;
  readonly primary = new Set<string>();
  /** Resources whose promotion is refused here. */
  readonly refusePromotion = new Map<string, { readonly code: number; readonly message: string }>();
  /** Resources whose disk server does not answer here. */
  readonly silent = new Set<string>();
  readonly #shared: SharedVolumes;
  readonly #directory: string;
  readonly #openCounts = new Map<string, number>();
  readonly #servers = new Map<string, NbdServer>();

  constructor(shared: SharedVolumes, name: string, directory: string) {
    this.#shared = shared;
    this.name = name;
    this.#directory = directory;
  }

  /** Makes the sockets that nbdExport names. */
  async serveOverNbd(): Promise<void> {
    mkdirSync(this.#directory, { recursive: true });
    for (const [resource, disk] of this.#shared.disks) {
      const socket = this.#socket(resource);
      const gate = {
        open: (exportName: string) => this.open({ socketPath: socket, exportName }),
        closed: () => this.closed({ socketPath: socket, exportName: "" }),
        read: () => this.#check(resource),
        write: () => this.#checkWrite(resource),
      };
      this.#servers.set(resource, await serveNbd(socket, disk, gate));
    }
  }

  /** Whether an export can be opened now; if so it is held open until closed. */
  open(wanted: VolumeExport): boolean {
    const resource = this.#resourceOf(wanted);
    const may =
      wanted.exportName === "standby-0" ||
      (wanted.exportName === "0" && this.primary.has(resource));
    if (may) this.#openCounts.set(resource, this.openCount(resource) + 1);
    return may;
  }

  closed(was: VolumeExport): void {
    const resource = this.#resourceOf(was);
    // Whom demote has cut off says later that it is gone.
    this.#openCounts.set(resource, Math.max(0, this.openCount(resource) - 1));
  }

  openCount(resource: string): number {
    return this.#openCounts.get(resource) ?? 0;
  }

  async status(resource: string): Promise<VolumeAnswer<VolumeStatus>> {
    if (this.silent.has(resource)) return notAsked;
    const connected = !this.#shared.disconnected.has(resource);
    const [peer] = this.#shared.peersOf(this);
    const roleOf = (node: NodeVolumes | undefined): "Primary" | "Secondary" =>
      node?.primary.has(resource) === true ? "Primary" : "Secondary";
    const resync = this.#shared.resyncing.has(resource);
    const isTarget = resync && this.#shared.isSecond(this);
    const isSource = resync && !isTarget;
    const inSync = resync ? (isTarget ? "SyncTarget" : "SyncSource") : "Connected";
    return {
      ok: true,
      value: {
        role: roleOf(this),
        disk: isTarget ? "Inconsistent" : "UpToDate",
        peerRole: connected ? roleOf(peer) : "Unknown",
        peerDisk: !connected ? "DUnknown" : isSource ? "Inconsistent" : "UpToDate",
        connection: connected ? inSync : "WFConnection",
        sizeBytes: diskBytes,
      },
    };
  }

  async promote(resource: string): Promise<VolumeAnswer<void>> {
    if (this.silent.has(resource)) return notAsked;
    const refusal = this.refusePromotion.get(resource);
    if (refusal !== undefined) return { ok: false, ...refusal };
    const other = this.#shared.peersOf(this).find((node) => node.primary.has(resource));
    if (other !== undefined)
      this.#shared.violations.push(
        `${resource}: ${this.name} was promoted while ${other.name} is Primary`,
      );
    this.primary.add(resource);
    return { ok: true, value: undefined };
  }

  async demote(
    resource: string,
    { takeAway = false }: { readonly takeAway?: boolean } = {},
  ): Promise<VolumeAnswer<void>> {
    if (this.silent.has(resource)) return notAsked;
    if (!this.primary.has(resource)) return { ok: true, value: undefined };
    if (takeAway) this.#openCounts.set(resource, 0);
    if (this.openCount(resource) > 0)
      return { ok: false, code: -12, message: "Device is held open by someone" };
    this.primary.delete(resource);
    return { ok: true, value: undefined };
  }

  nbdExport(resource: string, { standby }: { readonly standby: boolean }): VolumeExport {
    return { socketPath: this.#socket(resource), exportName: standby ? "standby-0" : "0" };
  }

  async close(): Promise<void> {
    for (const server of this.#servers.values()) await server.close();
  }

  #check(resource: string): number {
    if (this.#shared.failing.has(resource)) return eio;
    return this.primary.has(resource) ? 0 : eperm;
  }

  #checkWrite(resource: string): number {
    if (!this.primary.has(resource))
      this.#shared.violations.push(`${resource}: a write on ${this.name}, which is Secondary`);
    return this.#check(resource);
  }

  #socket(resource: string): string {
    return `${this.#directory}/${resource}-0.sock`;
  }

  #resourceOf({ socketPath }: VolumeExport): string {
    const found = [...this.#shared.disks.keys()].find((name) => this.#socket(name) === socketPath);
    if (found === undefined) throw new Error(`no volume at ${socketPath}`);
    return found;
  }
}

const notAsked = { ok: false, code: 0, message: "its disk server does not answer" } as const;
