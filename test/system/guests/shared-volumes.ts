/**
 * Two nodes' replicated disks without replication: both nodes serve the same bytes, each under a DRBD role of its own.
 * The roles are as strict as DRBD with allow-two-primaries, and what must never happen is written down: two Primaries
 * at once, and a write that reached a node which is not Primary.
 */
import { mkdirSync } from "node:fs";
import type { VolumeAnswer, VolumeStatus, Volumes } from "../../../src/ports/volumes.ts";
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
  /** Resources whose nodes have lost each other. */
  readonly disconnected = new Set<string>();
  readonly #nodes: NodeVolumes[] = [];

  async addNode(
    name: string,
    directory: string,
    resources: readonly string[],
  ): Promise<NodeVolumes> {
    for (const resource of resources)
      if (!this.disks.has(resource)) this.disks.set(resource, Buffer.alloc(diskBytes));
    mkdirSync(directory, { recursive: true });
    const node = new NodeVolumes(this, name, directory);
    for (const resource of resources) await node.serve(resource);
    this.#nodes.push(node);
    return node;
  }

  peersOf(node: NodeVolumes): readonly NodeVolumes[] {
    return this.#nodes.filter((each) => each !== node);
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) await node.close();
  }
}

export class NodeVolumes implements Volumes {
  readonly primary = new Set<string>();
  /** Resources whose promotion is refused here. */
  readonly refusePromotion = new Map<string, { readonly code: number; readonly message: string }>();
  readonly #shared: SharedVolumes;
  readonly #name: string;
  readonly #directory: string;
  readonly #servers = new Map<string, NbdServer>();

  constructor(shared: SharedVolumes, name: string, directory: string) {
    this.#shared = shared;
    this.#name = name;
    this.#directory = directory;
  }

  async serve(resource: string): Promise<void> {
    const disk = this.#shared.disks.get(resource) as Buffer;
    const server = await serveNbd(this.#socket(resource), disk, {
      open: (exportName) =>
        exportName === "standby-0" || (exportName === "0" && this.primary.has(resource)),
      read: () => this.#check(resource),
      write: () => {
        if (!this.primary.has(resource))
          this.#shared.violations.push(`${resource}: a write on ${this.#name}, which is Secondary`);
        return this.#check(resource);
      },
    });
    this.#servers.set(resource, server);
  }

  /** As when the disk server of a resource is killed: its clients are cut off. */
  async stopServing(resource: string): Promise<void> {
    await this.#servers.get(resource)?.close();
    this.#servers.delete(resource);
  }

  async status(resource: string): Promise<VolumeAnswer<VolumeStatus>> {
    if (!this.#servers.has(resource)) return { ok: false, code: 0, message: "no disk server" };
    const connected = !this.#shared.disconnected.has(resource);
    const [peer] = this.#shared.peersOf(this);
    const roleOf = (node: NodeVolumes | undefined): "Primary" | "Secondary" =>
      node?.primary.has(resource) === true ? "Primary" : "Secondary";
    return {
      ok: true,
      value: {
        role: roleOf(this),
        disk: "UpToDate",
        peerRole: connected ? roleOf(peer) : "Unknown",
        peerDisk: connected ? "UpToDate" : "DUnknown",
        connection: connected ? "Connected" : "WFConnection",
        sizeBytes: diskBytes,
      },
    };
  }

  async promote(resource: string): Promise<VolumeAnswer<void>> {
    if (!this.#servers.has(resource)) return { ok: false, code: 0, message: "no disk server" };
    const refusal = this.refusePromotion.get(resource);
    if (refusal !== undefined) return { ok: false, ...refusal };
    const other = this.#shared.peersOf(this).find((node) => node.primary.has(resource));
    if (other !== undefined)
      this.#shared.violations.push(
        `${resource}: ${this.#name} promoted while ${other.#name} is Primary`,
      );
    this.primary.add(resource);
    return { ok: true, value: undefined };
  }

  async demote(resource: string): Promise<VolumeAnswer<void>> {
    if (!this.primary.has(resource)) return { ok: true, value: undefined };
    if ((this.#servers.get(resource)?.openCount() ?? 0) > 0)
      return { ok: false, code: -12, message: "Device is held open by someone" };
    this.primary.delete(resource);
    return { ok: true, value: undefined };
  }

  nbdExport(
    resource: string,
    { standby }: { readonly standby: boolean },
  ): ReturnType<Volumes["nbdExport"]> {
    return { socketPath: this.#socket(resource), exportName: standby ? "standby-0" : "0" };
  }

  async close(): Promise<void> {
    for (const resource of [...this.#servers.keys()]) await this.stopServing(resource);
  }

  #check(resource: string): number {
    if (this.#shared.failing.has(resource)) return eio;
    return this.primary.has(resource) ? 0 : eperm;
  }

  #socket(resource: string): string {
    return `${this.#directory}/${resource}-0.sock`;
  }
}
