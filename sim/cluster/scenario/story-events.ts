/**
 * What a story's reader would call an event: guests that start, move and end, power, members lost and met, orders to fence
 * devices, roles of volumes, answers to people, and whatever warns.
 */

import type { ClientReply, ClientRequest } from "../../../src/core/node/client-requests.ts";
import type { NodeEffect, Notice } from "../../../src/core/node/effects.ts";
import type { SimNode } from "../../replication/sim-node.ts";
import type { ClusterWatcher, SimCluster } from "../sim-cluster.ts";
import { usualDevice } from "../world/howto-cib.ts";
import type { SimDaemon } from "../world/sim-daemon.ts";
import type { SimHost } from "../world/sim-host.ts";

export type StoryEvent = { readonly atMs: number; readonly text: string };

const toldCodes: ReadonlySet<string> = new Set(["peer-lost", "peer-left", "member-joined", "dc"]);

export class StoryEvents implements ClusterWatcher {
  readonly all: StoryEvent[] = [];
  readonly #powered = new Map<string, boolean>();
  readonly #images = new Map<string, { readonly image: number; readonly where: string }>();
  readonly #roles = new Map<string, string>();
  readonly #active = new Set<string>();
  #twins = 0;
  #cluster: SimCluster | undefined;

  begin(cluster: SimCluster): void {
    this.#cluster = cluster;
    this.#look(cluster, () => {});
  }

  onStep(): void {
    const cluster = this.#cluster;
    if (cluster !== undefined) this.#look(cluster, (text) => this.#add(text));
  }

  onEffect(daemon: SimDaemon, effect: NodeEffect): void {
    if (effect.kind === "notice") this.#onNotice(daemon, effect);
    if (effect.kind === "run-fence-agent" && effect.node !== undefined && isOrder(effect.action))
      this.#add(`${daemon.name} orders ${effect.node} ${effect.action}${by(effect.device.id)}`);
    if (effect.kind === "fence-verdict")
      this.#add(`${daemon.name} verdict ${effect.exitCode} for ${effect.drbdResource}`);
    if (effect.kind === "gone") this.#add(`${daemon.name} is gone (${effect.intent})`);
  }

  onClientReply(_daemon: SimDaemon, reply: ClientReply, request: ClientRequest): void {
    const outcome = reply.ok ? "done" : `refused ${reply.error.code}`;
    this.#add(`${request.kind} ${outcome}`);
  }

  onDisk(host: SimHost, drbdResource: string, server: SimNode): void {
    const status = server.status();
    const conn = status?.volumes[0]?.conn;
    const role = conn === "SyncTarget" ? conn : (status?.role ?? "");
    const key = `${host.name} ${drbdResource}`;
    const before = this.#roles.get(key);
    this.#roles.set(key, role);
    if (before !== undefined && before !== role && role !== "Secondary")
      this.#add(`${drbdResource} ${role} on ${host.name}`);
  }

  #onNotice(daemon: SimDaemon, { code, level, fields }: Notice): void {
    if (level === "info" && !toldCodes.has(code)) return;
    if (!toldCodes.has(code) && !code.startsWith("HF")) return;
    const about = fields["peer"] ?? fields["node"] ?? fields["drbdResource"] ?? "";
    this.#add(`${daemon.name} ${code} ${about}`.trimEnd());
  }

  #look(cluster: SimCluster, tell: (text: string) => void): void {
    for (const { name, powered } of cluster.machines()) {
      if (this.#powered.get(name) === powered) continue;
      this.#powered.set(name, powered);
      tell(`${name} power ${powered ? "on" : "off"}`);
    }
    for (const { name } of cluster.shape.guests) this.#lookAtGuest(cluster, name, tell);
    for (const name of cluster.services) this.#lookAtService(cluster, name, tell);
    const { twins } = cluster.laws;
    for (; this.#twins < twins.length; this.#twins++) tell(`two: ${twins[this.#twins]?.text}`);
  }

  #lookAtGuest(cluster: SimCluster, guest: string, tell: (text: string) => void): void {
    for (const host of cluster.hosts.values()) {
      const key = `${guest} ${host.name}`;
      const image = host.guests.executes(guest) ? host.guests.image(guest) : undefined;
      const before = this.#images.get(key);
      if (before?.image === image) continue;
      if (image === undefined) {
        this.#images.delete(key);
        tell(`${guest} stops on ${host.name}`);
        continue;
      }
      const isMoved = [...this.#known(guest)].includes(image);
      this.#images.set(key, { image, where: host.name });
      this.#known(guest).add(image);
      tell(`${guest} ${isMoved ? "goes on" : "starts"} on ${host.name}`);
    }
  }

  #lookAtService(cluster: SimCluster, service: string, tell: (text: string) => void): void {
    for (const { name, services } of cluster.machines()) {
      const key = `${service} ${name}`;
      const isActive = services.isActive(service);
      if (this.#active.has(key) === isActive) continue;
      if (isActive) this.#active.add(key);
      else this.#active.delete(key);
      tell(`${service} ${isActive ? "starts" : "stops"} on ${name}`);
    }
  }

  readonly #seen = new Map<string, Set<number>>();

  #known(guest: string): Set<number> {
    const known = this.#seen.get(guest) ?? new Set<number>();
    this.#seen.set(guest, known);
    return known;
  }

  #add(text: string): void {
    this.all.push({ atMs: this.#cluster?.nowMs ?? 0, text });
  }
}

/** Of several devices it matters which one it was; the one of most stories is not named. */
function by(device: string): string {
  return device === usualDevice ? "" : ` with ${device}`;
}

function isOrder(action: string): boolean {
  return action === "off" || action === "on";
}
