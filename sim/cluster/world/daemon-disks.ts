/** How the daemon and the disk servers of its host talk: what they say, what they are told. */
import { diskFacts } from "../../../src/core/fencer/disk-facts.ts";
import type { DiskEffect, DiskFacts } from "../../../src/core/fencer/types.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import type { FencePeer } from "../../../src/core/replication/effects.ts";
import type { SimNode } from "../../replication/sim-node.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./sim-world.ts";

/** Over a socket of the host. */
const tellMs = 0.2;

export class DaemonDisks {
  readonly #world: World;
  readonly #host: SimHost;
  readonly #deliver: (run: () => void) => void;
  readonly #give: (event: NodeEvent) => void;
  readonly #told = new Map<string, string>();
  /** By DRBD resource: the fence request that is not answered. Told again to a new daemon. */
  static readonly #unanswered = new WeakMap<SimNode, FencePeer>();

  constructor(options: {
    readonly world: World;
    readonly host: SimHost;
    deliver(run: () => void): void;
    give(event: NodeEvent): void;
  }) {
    this.#world = options.world;
    this.#host = options.host;
    this.#deliver = (run) => options.deliver(run);
    this.#give = (event) => options.give(event);
  }

  /** A new daemon finds the servers that are there. */
  begin(): void {
    for (const [drbdResource, node] of this.#host.servers) {
      this.onStatus(drbdResource, node);
      const request = DaemonDisks.#unanswered.get(node);
      if (request !== undefined && node.running) this.#tellRequest(drbdResource, request);
    }
  }

  onStatus(drbdResource: string, node: SimNode): void {
    const facts = factsOf(node);
    const text = JSON.stringify(facts) ?? "";
    if (this.#told.get(drbdResource) === text) return;
    this.#told.set(drbdResource, text);
    this.#later(() => this.#give({ kind: "disk-facts", drbdResource, facts }));
  }

  onEnd(drbdResource: string): void {
    this.#told.delete(drbdResource);
    this.#later(() => this.#give({ kind: "disk-facts", drbdResource, facts: undefined }));
  }

  onFencePeer(drbdResource: string, request: FencePeer): void {
    this.#tellRequest(drbdResource, request);
  }

  /** Kept by the server's process: a daemon that comes later hears of it. */
  static keep(node: SimNode, request: FencePeer | undefined): void {
    if (request === undefined) DaemonDisks.#unanswered.delete(node);
    else DaemonDisks.#unanswered.set(node, request);
  }

  perform(effect: DiskEffect): void {
    // The order is with the server when it is given; whoever freezes then does it later.
    this.#world.clock.after(tellMs, () => this.#perform(effect));
  }

  #perform(effect: DiskEffect): void {
    const node = "drbdResource" in effect ? this.#host.servers.get(effect.drbdResource) : undefined;
    const isThere = node?.running === true;
    switch (effect.kind) {
      case "hint-peer-lost":
        for (const each of this.#host.servers.values()) {
          if (each.settings.peerName === effect.peer) each.event({ kind: "peer-lost" });
        }
        return;
      case "set-disk-fencing-policy":
        if (!isThere) return;
        node.admin(
          { name: "disk-options", volume: 0, change: { fencing: effect.policy } },
          () => {},
        );
        return;
      case "fence-verdict": {
        if (!isThere) return;
        const { request, exitCode } = effect;
        DaemonDisks.keep(node, undefined);
        node.event({ kind: "fence-verdict", request, exitCode });
        return;
      }
      case "outdate-disk":
        this.#outdate(node, effect.token);
        return;
      case "force-copy":
        this.#forceCopy(node, effect.token);
        return;
    }
  }

  #outdate(node: SimNode | undefined, token: number): void {
    const end = (ok: boolean, message: string): void =>
      this.#later(() => this.#give({ kind: "disk-outdated", token, ok, message }));
    if (node?.running !== true) {
      end(false, "its disk server does not answer");
      return;
    }
    node.admin({ name: "outdate", volume: 0 }, (result) =>
      end(result.ok, result.ok ? "" : result.message),
    );
  }

  #forceCopy(node: SimNode | undefined, token: number): void {
    const end = (ok: boolean, message: string): void =>
      this.#later(() => this.#give({ kind: "copy-forced", token, ok, message }));
    if (node?.running !== true) {
      end(false, "its disk server does not answer");
      return;
    }
    node.admin({ name: "primary", force: true }, (promoted) => {
      if (!promoted.ok) {
        end(false, promoted.message);
        return;
      }
      node.admin({ name: "secondary" }, (demoted) =>
        end(demoted.ok, demoted.ok ? "" : demoted.message),
      );
    });
  }

  #tellRequest(drbdResource: string, { request, reason }: FencePeer): void {
    this.#later(() => this.#give({ kind: "fence-peer-request", drbdResource, request, reason }));
  }

  #later(run: () => void): void {
    this.#world.clock.after(tellMs, () => this.#deliver(run));
  }
}

export function factsOf(node: SimNode): DiskFacts | undefined {
  const status = node.status();
  if (status === undefined || status.volumes.length === 0) return undefined;
  return diskFacts({
    peer: status.peerName,
    role: status.role as DiskFacts["role"],
    peerRole: status.peerRole as DiskFacts["role"],
    connected: status.connection === "Connected",
    frozen: status.suspendedFencing,
    volumes: status.volumes.map(({ disk, peerDisk, uuids }) => ({
      ...{ disk, peerDisk },
      bitmapUuid: uuids?.[1],
    })),
  });
}
