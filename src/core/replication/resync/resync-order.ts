/**
 * resync-after: a volume does not sync while the one it names does, or waits itself. That one is mostly another
 * resource's, in another disk server on this host, whose status is watched. One that is not served, or has just ended,
 * is nothing to wait for. Specification section 12.7.
 */
import { unreachable } from "../../../base/assert.ts";

/** A volume of this resource, and the one whose resync comes first. */
export type OrderedVolume = {
  readonly volume: number;
  readonly after: { readonly resource: string; readonly volume: number } | undefined;
  /** Whether its machine waits now: one without disk and connection forgets it. */
  readonly waits: boolean;
};

/** What a status says of a volume that may have to be waited for. */
export type WatchedVolume = {
  readonly volume: number;
  readonly connectionState: string;
  readonly resyncSuspended: {
    readonly user: boolean;
    readonly peer: boolean;
    readonly dependency: boolean;
  };
};

/** Each comes with the volumes as they are configured and wait at that moment. */
export type ResyncOrderEvent =
  /** Time to look: at the start, and again every few seconds. */
  | { readonly kind: "look" }
  | {
      readonly kind: "status";
      readonly resource: string;
      readonly volumes: readonly WatchedVolume[];
    }
  /** The disk server of the resource has ended, or cannot be reached. */
  | { readonly kind: "gone"; readonly resource: string };

export type ResyncOrderEffect =
  /** To be answered by a status, then one for each change, and `gone` in the end. */
  | { readonly kind: "watch"; readonly resource: string }
  /** The machine is to be told. */
  | { readonly kind: "order"; readonly volume: number; readonly waits: boolean };

/** States in which a volume counts as syncing. */
const syncing: ReadonlySet<string> = new Set([
  "SyncSource",
  "SyncTarget",
  "PausedSyncS",
  "PausedSyncT",
]);

export class ResyncOrder {
  /** By resource, those that are watched; undefined until the first status. */
  readonly #watched = new Map<string, readonly WatchedVolume[] | undefined>();

  handle(event: ResyncOrderEvent, volumes: readonly OrderedVolume[]): readonly ResyncOrderEffect[] {
    const effects: ResyncOrderEffect[] = [];
    switch (event.kind) {
      case "look":
        this.#watchMore(volumes, effects);
        break;
      case "status":
        if (this.#watched.has(event.resource)) this.#watched.set(event.resource, event.volumes);
        break;
      case "gone":
        this.#watched.delete(event.resource);
        break;
      default:
        unreachable(event);
    }
    for (const each of volumes) {
      const waits = this.#mustWait(each);
      if (waits !== each.waits) effects.push({ kind: "order", volume: each.volume, waits });
    }
    return effects;
  }

  #watchMore(volumes: readonly OrderedVolume[], effects: ResyncOrderEffect[]): void {
    for (const { after } of volumes) {
      if (after === undefined || this.#watched.has(after.resource)) continue;
      this.#watched.set(after.resource, undefined);
      effects.push({ kind: "watch", resource: after.resource });
    }
  }

  #mustWait({ after }: OrderedVolume): boolean {
    if (after === undefined) return false;
    const other = this.#watched.get(after.resource)?.find((v) => v.volume === after.volume);
    return other !== undefined && mustBeWaitedFor(other);
  }
}

/** It syncs, or would if it were not told to wait itself. */
function mustBeWaitedFor({ connectionState, resyncSuspended }: WatchedVolume): boolean {
  const { user, peer, dependency } = resyncSuspended;
  return syncing.has(connectionState) || user || peer || dependency;
}
