/**
 * What must hold whatever happens, looked at after every turn of every machine:
 *
 * 1. A member hears us back: between it and us a packet went there and back lately. So a dead host, a cut of
 *    either direction, a replay, a held-back packet never keep a member beyond deadtime and two keepalives.
 * 2. Nobody is declared silent while packets of his lie unread in our own socket.
 * 3. Who says that the other side had declared him lost is right: it has told such a loss as often.
 * 4. Who joins a peer again after a loss does so only when the peer knows of that loss.
 * 5. An announced restart is waited for no longer than announced, and never longer than the limit.
 * 6. Settled nodes are quorate as they should be.
 *
 * And when all faults have ended, soon: all are members of each other, and both sides of each pair count the same
 * number of losses.
 */
import type { MembershipEffect, MembershipState } from "../../src/core/membership/types.ts";
import type { Cluster, Told } from "./cluster.ts";
import type { Host } from "./host.ts";
import type { Truth } from "./truth.ts";

/** Timers are late by up to 2 ms, and clocks wrong by up to 1 %. */
const slackMs = 10;
const slowestClock = 1.02;

export class Laws {
  readonly violations: string[] = [];
  readonly #cluster: Cluster;
  readonly #truth: Truth;
  /** "host peer": how often the one has lost the other, and how often because the other had said so. */
  readonly #losses = new Map<string, number>();
  readonly #takenOver = new Map<string, number>();
  readonly #restartingSinceMs = new Map<string, number>();
  /** "host peer": of the newest joining. */
  readonly #episodes = new Map<string, number>();

  constructor(cluster: Cluster, truth: Truth) {
    this.#cluster = cluster;
    this.#truth = truth;
  }

  onTold({ host, effect }: Told): void {
    const state = this.#cluster.host(host).state();
    if (state === undefined) return;
    if (effect.kind === "member-joined") {
      this.#episodes.set(`${state.incarnation} ${effect.incarnation}`, effect.episode);
      this.#checkJoining(this.#cluster.host(host), state, effect);
    }
    if (effect.kind === "peer-lost") this.#onLoss(this.#cluster.host(host), state, effect);
  }

  afterTurn(host: Host): void {
    const state = host.state();
    if (state === undefined) return;
    for (const peer of state.peers) {
      if (peer.standing === "member") this.#checkMember(host, state, peer);
      this.#checkRestarting(host, peer);
    }
    this.#checkQuorum(host, state);
  }

  /** To be asked of a run in which nothing failed, whoever attacked: all have met once, and nothing else happened. */
  checkUndisturbed(): void {
    const quiet: readonly string[] = ["member-joined", "quorum-changed", "notice"];
    for (const { atMs, host, effect } of this.#cluster.told) {
      if (quiet.includes(effect.kind)) continue;
      this.violations.push(`${atMs.toFixed(1)} ms ${host}: ${effect.kind} in a run without faults`);
    }
    const joinings = this.#cluster.told.filter((told) => told.effect.kind === "member-joined");
    const count = this.#cluster.nodes.length;
    if (joinings.length === count * (count - 1)) return;
    this.violations.push(`${joinings.length} joinings of ${count} nodes in a run without faults`);
  }

  /** To be asked when all faults have ended, and some time has passed. */
  checkHealed(): void {
    for (const host of this.#cluster.hosts.values()) {
      const state = host.state();
      const members = state?.members.join(" ");
      if (members !== [...this.#cluster.nodes].sort().join(" ")) {
        this.#violate(host, `after healing its members are ${members}`);
      }
      for (const peer of state?.peers ?? []) {
        const there = this.#episodes.get(`${peer.incarnation} ${state?.incarnation}`);
        const here = this.#episodes.get(`${state?.incarnation} ${peer.incarnation}`);
        // A restarted peer joins without a word of an episode: then it is the first.
        if ((here ?? 0) !== (there ?? 0)) this.#violate(host, `episode ${here}, there ${there}`);
      }
    }
  }

  #checkMember(host: Host, state: MembershipState, peer: MembershipState["peers"][number]): void {
    const { deadtimeMs, keepaliveMs } = this.#cluster.timings;
    const { nowMs } = this.#cluster;
    const roundTripAtMs = this.#truth.roundTripAtMs(state.incarnation, peer.incarnation ?? 0n);
    if (roundTripAtMs === undefined) {
      this.#violate(host, `${peer.name} is a member and has never heard us`);
      return;
    }
    const excuseMs = this.#truth.excuseMs(host.name, roundTripAtMs);
    const allowedMs = (deadtimeMs + 2 * keepaliveMs) * slowestClock + slackMs + excuseMs;
    if (nowMs - roundTripAtMs > allowedMs) {
      const agoMs = Math.round(nowMs - roundTripAtMs);
      this.#violate(
        host,
        `${peer.name} is a member; the last answered packet was sent ${agoMs} ms ago`,
      );
    }
  }

  #checkJoining(
    host: Host,
    state: MembershipState,
    joined: Extract<MembershipEffect, { kind: "member-joined" }>,
  ): void {
    const there = this.#cluster.host(joined.peer).state();
    const asThere = there?.peers.find((peer) => peer.name === host.name);
    if (there?.incarnation !== joined.incarnation) return;
    if (asThere?.incarnation !== state.incarnation || asThere.episode >= joined.episode) return;
    this.#violate(host, `joins ${joined.peer}, which has not noticed loss ${joined.episode}`);
  }

  #checkRestarting(host: Host, peer: MembershipState["peers"][number]): void {
    const { restartHoldMsMax, keepaliveMs } = this.#cluster.timings;
    const { nowMs } = this.#cluster;
    const key = `${host.name} ${peer.name}`;
    if (peer.standing !== "restarting") {
      this.#restartingSinceMs.delete(key);
      return;
    }
    const sinceMs = this.#restartingSinceMs.get(key) ?? nowMs;
    this.#restartingSinceMs.set(key, sinceMs);
    const allowedMs = (restartHoldMsMax + 2 * keepaliveMs) * slowestClock + slackMs;
    if (nowMs - sinceMs > allowedMs + this.#truth.excuseMs(host.name, sinceMs)) {
      this.#violate(host, `${peer.name} is waited for since ${nowMs - sinceMs} ms`);
    }
  }

  #checkQuorum(host: Host, state: MembershipState): void {
    const count = this.#cluster.nodes.length;
    const enough = count <= 2 || state.members.length * 2 > count;
    if (state.quorate !== (state.settled && enough)) {
      this.#violate(host, `quorate ${state.quorate} with ${state.members.length} of ${count}`);
    }
  }

  #onLoss(
    host: Host,
    state: MembershipState,
    lost: Extract<MembershipEffect, { kind: "peer-lost" }>,
  ): void {
    if (lost.incarnation === undefined) return;
    const here = `${state.incarnation} ${lost.incarnation}`;
    const there = `${lost.incarnation} ${state.incarnation}`;
    add(this.#losses, here);
    if (lost.why === "declared-us-lost") {
      add(this.#takenOver, here);
      if ((this.#takenOver.get(here) ?? 0) > (this.#losses.get(there) ?? 0)) {
        this.#violate(host, `${lost.peer} is said to have lost us, but never did`);
      }
    }
    if (lost.why !== "silent" && lost.why !== "no-answer") return;
    const unread = host.unread.some((bytes) => this.#truth.senderOf(bytes) === lost.incarnation);
    if (unread) this.#violate(host, `${lost.peer} declared ${lost.why} with its packets unread`);
  }

  #violate(host: Host, what: string): void {
    const at = this.#cluster.nowMs.toFixed(1);
    this.violations.push(`${at} ms ${host.name}: ${what}`);
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
