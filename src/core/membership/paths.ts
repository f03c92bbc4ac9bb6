/**
 * Over which media a peer is heard. Each genuine packet usually arrives once on each of them; a medium that
 * carries nothing while the peer is heard on another has died quietly, and people want to know before the
 * last one does.
 */
import { sortedEntries } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { MembershipNotice, PeerPath } from "./types.ts";

/** ha.cf names a few media; what a shell calls them beyond this is not followed. */
const pathsMax = 8;

type Path = { sequence: number; heardAt: Instant; up: boolean };

export class Paths {
  readonly #peer: string;
  readonly #deadtimeMs: number;
  readonly #paths = new Map<string, Path>();

  constructor(peer: string, deadtimeMs: number) {
    this.#peer = peer;
    this.#deadtimeMs = deadtimeMs;
  }

  /** A packet of the peer's present incarnation arrived; a repetition of what that path brought already counts not. */
  onPacket(path: string, sequence: number, now: Instant): MembershipNotice | undefined {
    const known = this.#paths.get(path);
    if (known === undefined) {
      if (this.#paths.size >= pathsMax) return undefined;
      this.#paths.set(path, { sequence, heardAt: now, up: true });
      return undefined;
    }
    if (sequence <= known.sequence) return undefined;
    known.sequence = sequence;
    known.heardAt = now;
    if (known.up) return undefined;
    known.up = true;
    return this.#notice("info", "path-up", path);
  }

  /** A new incarnation counts its packets from 1. */
  restart(): void {
    for (const path of this.#paths.values()) path.sequence = 0;
  }

  /** The paths that died while the peer is heard on another. */
  onTime(now: Instant): readonly MembershipNotice[] {
    const silent = sortedEntries(this.#paths).filter(
      ([, path]) => path.up && now >= this.#deadAt(path),
    );
    if (silent.length === 0 || silent.length === this.#upCount()) return [];
    for (const [, path] of silent) path.up = false;
    return silent.map(([name]) => this.#notice("warn", "path-down", name));
  }

  /** When the next path dies, unless it is heard before; none when it is the only one. */
  nextDeadline(): Instant | undefined {
    if (this.#upCount() < 2) return undefined;
    const up = [...this.#paths.values()].filter((path) => path.up);
    return earliest(...up.map((path) => this.#deadAt(path)));
  }

  state(): readonly PeerPath[] {
    return sortedEntries(this.#paths).map(([path, { up }]) => ({ path, up }));
  }

  #deadAt(path: Path): Instant {
    return after(path.heardAt, this.#deadtimeMs);
  }

  #upCount(): number {
    return [...this.#paths.values()].filter((path) => path.up).length;
  }

  #notice(level: "info" | "warn", code: "path-up" | "path-down", path: string): MembershipNotice {
    return { kind: "notice", level, code, fields: { peer: this.#peer, path } };
  }
}
