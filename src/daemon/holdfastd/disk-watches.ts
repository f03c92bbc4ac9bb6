/** All disk servers of this node: those of drbd.conf, and any other whose socket appears. */
import { readdirSync } from "node:fs";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import type { DiskEffect } from "../../core/fencer/types.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import { diskSocketDirectory } from "../../host/paths/run-paths.ts";
import { DiskWatch } from "./disk-watch.ts";
import { factsOfStatus } from "./facts-of-status.ts";
import type { NewNotice } from "./notice-ring.ts";

/** How soon a disk server that was started is found. */
const lookEveryMs = 500;

export class DiskWatches {
  readonly #post: (event: NodeEvent) => void;
  readonly #notice: (notice: NewNotice) => void;
  readonly #onChange: () => void;
  readonly #watches = new Map<string, DiskWatch>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly post: (event: NodeEvent) => void;
    readonly notice: (notice: NewNotice) => void;
    readonly onChange: () => void;
  }) {
    this.#post = options.post;
    this.#notice = options.notice;
    this.#onChange = options.onChange;
  }

  /** Resolves when those that are up have been asked for the first time. */
  async start(drbdResources: readonly string[]): Promise<void> {
    for (const name of drbdResources) this.#watch(name);
    await Promise.all(this.#look());
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** Sorted by name. */
  all(): readonly { readonly resource: string; readonly status: DiskResourceStatus | undefined }[] {
    return [...this.#watches.values()]
      .sort((a, b) => (a.resource < b.resource ? -1 : 1))
      .map(({ resource, status }) => ({ resource, status }));
  }

  perform(effect: DiskEffect): void {
    switch (effect.kind) {
      case "hint-peer-lost":
        for (const watch of this.#watches.values()) {
          if (watch.status?.connection.peerName === effect.peer) watch.hintPeerLost();
        }
        return;
      case "set-disk-fencing-policy":
        this.#watch(effect.drbdResource).setPolicy(effect.policy);
        return;
      case "fence-verdict":
        assert(effect.exitCode === 4 || effect.exitCode === 7, "no other verdict is evidence");
        this.#watch(effect.drbdResource).giveVerdict(effect.request, effect.exitCode);
        return;
      case "outdate-disk":
        void this.#answer(effect, "disk-outdated", (watch) => watch.outdate());
        return;
      case "force-copy":
        void this.#answer(effect, "copy-forced", (watch) => watch.forceCopy());
        return;
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const watch of this.#watches.values()) watch.close();
  }

  async #answer(
    { token, drbdResource }: { readonly token: number; readonly drbdResource: string },
    kind: "disk-outdated" | "copy-forced",
    act: (watch: DiskWatch) => Promise<void>,
  ): Promise<void> {
    try {
      await act(this.#watch(drbdResource));
      this.#post({ kind, token, ok: true, message: "" });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#post({ kind, token, ok: false, message: error.message });
    }
  }

  #look(): Promise<void>[] {
    for (const name of socketNames()) this.#watch(name);
    return [...this.#watches.values()].map((watch) => watch.connect());
  }

  #watch(name: string): DiskWatch {
    const known = this.#watches.get(name);
    if (known !== undefined) return known;
    const watch = new DiskWatch(name, {
      status: (drbdResource, status) => this.#onStatus(drbdResource, status),
      fenceRequest: (drbdResource, { request, reason }) =>
        this.#post({ kind: "fence-peer-request", drbdResource, request, reason }),
      trouble: (drbdResource, message) =>
        this.#notice({
          level: "warn",
          code: "disk-refused",
          message: `The disk server of ${drbdResource} did not do what it was told: ${message}.`,
          fields: { drbdResource },
        }),
    });
    this.#watches.set(name, watch);
    return watch;
  }

  readonly #roles = new Map<string, string>();

  #onStatus(drbdResource: string, status: DiskResourceStatus | undefined): void {
    this.#noticeRole(drbdResource, status?.role);
    const facts = status && factsOfStatus(status);
    this.#post({ kind: "disk-facts", drbdResource, facts });
    this.#onChange();
  }

  #noticeRole(drbdResource: string, role: string | undefined): void {
    const before = this.#roles.get(drbdResource);
    if (role === undefined) this.#roles.delete(drbdResource);
    else this.#roles.set(drbdResource, role);
    if (before === undefined || role === undefined || before === role) return;
    this.#notice({
      level: "info",
      code: role === "Primary" ? "promoted" : "demoted",
      message: `${drbdResource} is ${role} on this node.`,
      fields: { resource: drbdResource },
    });
  }
}

function socketNames(): readonly string[] {
  try {
    return readdirSync(diskSocketDirectory())
      .filter((name) => name.endsWith(".sock"))
      .map((name) => name.slice(0, -".sock".length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
