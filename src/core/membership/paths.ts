/**
 * Over which media a peer is heard. Each genuine packet usually arrives once on each of them; a medium that
 * carries nothing while the peer is heard on another has died quietly, and people want to know before the
 * last one does. Only packets of the peer tell about its paths, so neither its silence nor ours does.
 */
import { sortedEntries } from "../../base/compare.ts";
import { elapsedMs, type Instant } from "../../base/time.ts";
import type { MembershipNotice, MembershipTimings, PeerPath } from "./types.ts";

/** ha.cf names a few media; what a shell calls them beyond this is not followed. */
const pathsMax = 8;

type Path = {
  sequence: number;
  heardAt: Instant;
  /** Packets that came by another path since. */
  missed: number;
  up: boolean;
};

export class Paths {
  readonly #peer: string;
  readonly #timings: MembershipTimings;
  readonly #paths = new Map<string, Path>();

  constructor(peer: string, timings: MembershipTimings) {
    this.#peer = peer;
    this.#timings = timings;
  }

  /**
   * A packet of the peer's present incarnation arrived.
   * @param isNew false when another path has brought it, or a later one, before.
   */
  onPacket(
    packet: { readonly path: string; readonly sequence: number; readonly isNew: boolean },
    now: Instant,
  ): readonly MembershipNotice[] {
    const notices: MembershipNotice[] = [];
    const known = this.#pathOf(packet.path, now);
    if (known !== undefined && packet.sequence > known.sequence) {
      known.sequence = packet.sequence;
      known.heardAt = now;
      known.missed = 0;
      if (!known.up) notices.push(this.#notice("info", "path-up", packet.path));
      known.up = true;
    }
    if (packet.isNew) notices.push(...this.#onMissed(packet.path, now));
    return notices;
  }

  /** A new incarnation counts its packets from 1. */
  restart(): void {
    for (const path of this.#paths.values()) path.sequence = 0;
  }

  state(): readonly PeerPath[] {
    return sortedEntries(this.#paths).map(([path, { up }]) => ({ path, up }));
  }

  #onMissed(by: string, now: Instant): readonly MembershipNotice[] {
    const { deadtimeMs, keepaliveMs } = this.#timings;
    const notices: MembershipNotice[] = [];
    for (const [name, path] of sortedEntries(this.#paths)) {
      if (name === by) continue;
      path.missed++;
      const isSilent = elapsedMs(path.heardAt, now) >= deadtimeMs;
      if (!path.up || !isSilent || path.missed < deadtimeMs / keepaliveMs) continue;
      path.up = false;
      notices.push(this.#notice("warn", "path-down", name));
    }
    return notices;
  }

  #pathOf(name: string, now: Instant): Path | undefined {
    const known = this.#paths.get(name);
    if (known !== undefined || this.#paths.size >= pathsMax) return known;
    const path: Path = { sequence: 0, heardAt: now, missed: 0, up: true };
    this.#paths.set(name, path);
    return path;
  }

  #notice(level: "info" | "warn", code: "path-up" | "path-down", path: string): MembershipNotice {
    return { kind: "notice", level, code, fields: { peer: this.#peer, path } };
  }
}
