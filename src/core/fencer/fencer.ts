/**
 * The fencer: what is known of nodes that are not there, and what follows for their guests and for the disks shared with
 * them. Two questions are asked, and evidence for the one never answers the other: can the peer still execute or write;
 * and is my copy whole, and the only one from which anybody goes on. Doubt means no.
 *
 * Parts: evidence-table.ts (what is known), disk-facts.ts and disk-memory.ts (our disks), losses.ts (what to make of a
 * lost node), fence-gate.ts and fence-desk.ts (whether, when and how to fence), disk-desk.ts (disks that ask).
 */
import { unreachable } from "../../base/assert.ts";
import { after, earliest, elapsedMs, type Instant, type WallTime } from "../../base/time.ts";
import { DiskDesk } from "./disk-desk.ts";
import { DiskMemory } from "./disk-memory.ts";
import { EvidenceTable, evidenceRows } from "./evidence-table.ts";
import { FenceDesk } from "./fence-desk.ts";
import { fenceDevices } from "./fence-devices.ts";
import { Losses, type LossVerdict } from "./losses.ts";
import { OwnFence } from "./own-fence.ts";
import type {
  DiskFacts,
  Evidence,
  FencerEffect,
  FencerEvent,
  FencerMessage,
  FencerNotice,
  FencerRefusal,
  FencerWorld,
  FencingRecord,
} from "./types.ts";

type Now = { readonly now: Instant; readonly wallMs: number };

type PeerEvent = Extract<FencerEvent, { kind: "peer-joined" | "peer-restarted" | "peer-gone" }>;

export class Fencer {
  readonly #world: FencerWorld;
  readonly #evidence = new EvidenceTable();
  readonly #disks = new DiskMemory();
  readonly #losses: Losses;
  readonly #fenceDesk: FenceDesk;
  readonly #diskDesk: DiskDesk;
  readonly #ownFence: OwnFence;
  /** Nodes that have asked this one to fence them. */
  readonly #askers = new Set<string>();
  /** Copies that are being forced, by the effect's token, and the clients that wait for it. */
  readonly #forcing = new Map<number, { readonly client: number; readonly drbdResource: string }>();
  /** Members whose power was said to be off, and since when. */
  readonly #offSince = new Map<string, Instant>();
  #lastToken = 0;
  #effects: FencerEffect[] = [];

  constructor(world: FencerWorld) {
    this.#world = world;
    this.#losses = new Losses(world, this.#evidence, this.#disks);
    const newToken = (): number => ++this.#lastToken;
    const parts = { evidence: this.#evidence, losses: this.#losses, disks: this.#disks, newToken };
    this.#fenceDesk = new FenceDesk(world, parts);
    this.#diskDesk = new DiskDesk(world, parts);
    this.#ownFence = new OwnFence(world);
  }

  get disks(): DiskMemory {
    return this.#disks;
  }

  handle(event: FencerEvent, now: Instant, wall: WallTime): readonly FencerEffect[] {
    const at = { now, wallMs: wall as number };
    const known = this.#evidence.shared();
    this.#onEvent(event, at);
    this.#review(at);
    for (const row of this.#evidence.shared()) {
      if (known.includes(row)) continue;
      this.#share(row);
      // Its disk servers answered until now, perhaps: whoever is to be promoted here need not wait for their silence.
      this.#effects.push({ kind: "hint-peer-lost", peer: row.about });
    }
    const effects = [...this.#effects, ...this.#repliesTo(this.#effects)];
    this.#effects = [];
    return effects;
  }

  #repliesTo(effects: readonly FencerEffect[]): readonly FencerEffect[] {
    return effects.flatMap((effect): readonly FencerEffect[] => {
      if (effect.kind !== "fenced" || !this.#askers.delete(effect.target)) return [];
      const { target, isDone, why } = effect;
      return [{ kind: "send", to: target, message: { kind: "fence-me-reply", isDone, why } }];
    });
  }

  nextDeadline(now: Instant): Instant | undefined {
    return earliest(
      this.#losses.nextDeadline(now),
      this.#fenceDesk.nextDeadline(),
      this.#diskDesk.nextDeadline(),
      ...[...this.#offSince.values()].map((since) => after(since, this.#world.deadMs)),
    );
  }

  evidence(): readonly Evidence[] {
    return this.#evidence.all();
  }

  /** What other nodes may rely on, too. */
  sharedEvidence(): readonly Evidence[] {
    return this.#evidence.shared();
  }

  history(): readonly FencingRecord[] {
    return this.#fenceDesk.history();
  }

  loss(node: string, now: Instant): LossVerdict {
    return this.#losses.verdict(node, now);
  }

  /** DRBD resources that wait for a verdict. */
  waitingDisks(): readonly string[] {
    return this.#diskDesk.waiting();
  }

  hasDevices(): boolean {
    return fenceDevices(this.#world.cib()).length > 0;
  }

  /** Why this node's copy cannot be used to start a guest; undefined when it can. */
  copyProblem(drbdResource: string): string | undefined {
    const facts = this.#disks.get(drbdResource);
    if (facts === undefined) return `no disk server for ${drbdResource} here`;
    const isForced = [...this.#forcing.values()].some((each) => each.drbdResource === drbdResource);
    if (isForced) return `${drbdResource} is just being made the copy to be used`;
    const isUpToDate = facts.disk === "UpToDate";
    if (isUpToDate && (facts.connected || facts.role === "Primary")) return undefined;
    if (!isUpToDate && facts.disk !== "Consistent") return `${drbdResource} is ${facts.disk} here`;
    // Safety: without its peer a copy may be an old one, whatever it calls itself: the peer may have gone on alone.
    const answer = this.#evidence.copyAnswer(facts.peer, drbdResource);
    // That it was whole when the disks lost each other says nothing while the peer lives, and may go on.
    const isMoot = answer?.kind === "up-to-date-at-loss" && this.#world.isMember(facts.peer);
    const copy = isMoot ? undefined : answer;
    if (copy === undefined && facts.connected) return `${drbdResource} is ${facts.disk} here`;
    if (copy === undefined)
      return `${drbdResource} has not met ${facts.peer}, whose copy may be the newer`;
    // What is only Consistent becomes UpToDate at its promotion, by the verdict that both answers give.
    if (isUpToDate || this.#hasBothAnswers(drbdResource, facts)) return undefined;
    return `${drbdResource} is ${facts.disk} here`;
  }

  #hasBothAnswers(drbdResource: string, { peer }: DiskFacts): boolean {
    const silenceCounts = !this.#world.isFencingOn();
    return (
      this.#evidence.peerAnswer(peer, { silenceCounts }) !== undefined &&
      this.#evidence.copyAnswer(peer, drbdResource) !== undefined
    );
  }

  #onEvent(event: FencerEvent, at: Now): void {
    switch (event.kind) {
      case "look":
        return;
      case "peer-joined":
      case "peer-restarted":
      case "peer-gone":
        this.#onPeer(event, at);
        return;
      case "disk-facts":
        this.#onFacts(event.drbdResource, event.facts, at);
        return;
      case "fence-peer-request":
        this.#diskDesk.onRequest(event.drbdResource, event, at.now);
        return;
      case "disk-outdated":
        this.#effects.push(...this.#diskDesk.onOutdated(event.token, event.ok, event.message));
        return;
      case "copy-forced":
        this.#onCopyForced(event);
        return;
      case "fence-agent-ended":
        this.#effects.push(...this.#fenceDesk.onAgentEnded(event, at));
        return;
      case "fence":
        this.#onFence(event, at);
        return;
      case "confirm-off":
        this.#onConfirmOff(event, at);
        return;
      case "use-copy":
        this.#onUseCopy(event, at);
        return;
      case "message":
        this.#onMessage(event.from, event.message, at);
        return;
      default:
        unreachable(event);
    }
  }

  #onFence(event: Extract<FencerEvent, { kind: "fence" }>, at: Now): void {
    const { target, action, client } = event;
    const isOwn = target === this.#world.self && action !== "on" && client === undefined;
    const elsewhere = isOwn ? this.#ownFence.request(action) : undefined;
    this.#effects.push(...(elsewhere ?? this.#fenceDesk.request(event, at)));
  }

  #onPeer(event: PeerEvent, at: Now): void {
    switch (event.kind) {
      case "peer-joined":
        this.#onJoined(event.peer, event.incarnation, at);
        return;
      case "peer-restarted":
        this.#onJoined(event.peer, undefined, at);
        return;
      case "peer-gone": {
        const { peer, why, incarnation, silentForMs } = event;
        if (!this.#world.isFencingOn()) this.#doubtCopies(peer, after(at.now, -silentForMs));
        this.#losses.onGone(peer, incarnation, at.now);
        if (why === "left") this.#add({ kind: "left", about: peer, since: at.wallMs });
        this.#effects.push({ kind: "hint-peer-lost", peer }, { kind: "changed" });
        return;
      }
      default:
        unreachable(event);
    }
  }

  #doubtCopies(peer: string, heardAt: Instant): void {
    this.#disks.onPeerGone(peer, heardAt);
    this.#evidence.remove(
      ({ kind, about, drbdResource = "" }) =>
        kind === "up-to-date-at-loss" && about === peer && !this.#disks.wasWhole(drbdResource),
    );
  }

  /** Whatever was known of its absence is over; if it is the same start as before, it was never off. */
  #onJoined(peer: string, incarnation: bigint | undefined, at: Now): void {
    const loss = this.#losses.onJoined(peer);
    const over = this.#evidence.remove(
      (row) => row.about === peer && row.drbdResource === undefined,
    );
    const claim = over.find((row) => row.kind === "power-off" || row.kind === "person-off");
    const isSameStart = incarnation !== undefined && loss?.incarnation === incarnation;
    if (claim !== undefined && isSameStart) this.#onLie(claim);
    this.#effects.push(...this.#fenceDesk.onJoined(peer, at), { kind: "changed" });
  }

  #onLie({ kind, about, by = "somebody" }: Evidence): void {
    const who = kind === "person-off" ? by : "its fence device";
    const message = `${about} is alive and was never off, though ${who} said so: guests may run twice.`;
    this.#notice("error", "HF6102", message, { node: about });
  }

  /** A member that goes on for long after its power was read back as off was not off. */
  #doubtDevices(at: Now): void {
    for (const row of this.#evidence.all()) {
      if (row.kind !== "power-off") continue;
      if (!this.#world.isMember(row.about)) {
        this.#offSince.delete(row.about);
        continue;
      }
      const since = this.#offSince.get(row.about) ?? at.now;
      this.#offSince.set(row.about, since);
      if (elapsedMs(since, at.now) < this.#world.deadMs) continue;
      this.#offSince.delete(row.about);
      this.#evidence.remove((each) => each === row);
      this.#onLie(row);
    }
  }

  #onFacts(drbdResource: string, facts: DiskFacts | undefined, at: Now): void {
    this.#disks.onFacts(drbdResource, facts, at.now);
    // With the connection, or the disk server, all that was known of the copy is over.
    if (facts === undefined || facts.connected) {
      this.#evidence.remove((row) => row.drbdResource === drbdResource);
    }
    if (facts !== undefined && this.#disks.wasWhole(drbdResource)) {
      this.#evidence.add({
        ...{ kind: "up-to-date-at-loss", about: facts.peer, drbdResource },
        since: at.wallMs,
      });
    } else {
      this.#evidence.remove(
        (row) => row.kind === "up-to-date-at-loss" && row.drbdResource === drbdResource,
      );
    }
    const isNewer = facts?.ahead === true && facts.disk === "UpToDate" && !facts.connected;
    if (isNewer) {
      this.#evidence.add({
        ...{ kind: "newer-generation", about: facts.peer, drbdResource },
        since: at.wallMs,
      });
    } else {
      this.#evidence.remove(
        (row) => row.kind === "newer-generation" && row.drbdResource === drbdResource,
      );
    }
    this.#effects.push({ kind: "changed" });
  }

  #onConfirmOff({ id, node, by }: Extract<FencerEvent, { kind: "confirm-off" }>, at: Now): void {
    if (!this.#world.nodes.includes(node)) {
      this.#refuse(id, { code: "HF4009", message: `There is no node "${node}".`, remedy: "" });
      return;
    }
    if (node === this.#world.self || this.#world.isMember(node)) {
      const message = `${node} is a member of the cluster: it is not off.`;
      this.#refuse(id, { code: "HF6111", message, remedy: "Shut it down, or fence it." });
      return;
    }
    this.#add({ kind: "person-off", about: node, by, since: at.wallMs });
    const message = `${by} confirms that ${node} is off.`;
    this.#notice("warn", "HF6109", message, { node, by });
    this.#effects.push({ kind: "answer", id, outcome: { message } });
  }

  #onUseCopy(event: Extract<FencerEvent, { kind: "use-copy" }>, at: Now): void {
    const { id, drbdResource, by } = event;
    const refused = this.#copyRefusal(drbdResource);
    if (refused !== undefined) {
      this.#refuse(id, { code: "HF6112", ...refused });
      return;
    }
    const about = this.#disks.get(drbdResource)?.peer ?? "";
    this.#add({ kind: "person-copy", about, drbdResource, by, since: at.wallMs });
    const message = `${by} says that the copy of ${drbdResource} on ${this.#world.self} is to be used, whatever it lacks.`;
    this.#notice("warn", "HF6109", message, { drbdResource, by });
    const token = ++this.#lastToken;
    this.#forcing.set(token, { client: id, drbdResource });
    this.#effects.push({ kind: "force-copy", token, drbdResource });
  }

  #copyRefusal(drbdResource: string): Pick<FencerRefusal, "message" | "remedy"> | undefined {
    const facts = this.#disks.get(drbdResource);
    if (facts === undefined) {
      const message = `This node has no disk server for ${drbdResource}.`;
      return { message, remedy: `Start it: drbdadm up ${drbdResource}` };
    }
    if (facts.connected) {
      const message = `${drbdResource} is connected to ${facts.peer}: the two copies agree by themselves.`;
      return { message, remedy: `Look at it: drbdadm status ${drbdResource}` };
    }
    const silenceCounts = !this.#world.isFencingOn();
    if (this.#evidence.peerAnswer(facts.peer, { silenceCounts }) !== undefined) return undefined;
    const message = `${facts.peer} may still run guests on its own copy of ${drbdResource}.`;
    const remedy = `If it is off for certain, say so first: stonith_admin --confirm ${facts.peer}`;
    return { message, remedy };
  }

  #onCopyForced({ token, ok, message }: Extract<FencerEvent, { kind: "copy-forced" }>): void {
    const id = this.#forcing.get(token)?.client;
    if (id === undefined) return;
    this.#forcing.delete(token);
    this.#effects.push({ kind: "changed" });
    if (ok) {
      this.#effects.push({ kind: "answer", id, outcome: { message: "The copy is UpToDate." } });
      return;
    }
    this.#refuse(id, { code: "HF6112", message, remedy: "Look at it with drbdadm status." });
  }

  #onMessage(from: string, message: FencerMessage, at: Now): void {
    if (message.kind === "fence-me") {
      this.#askers.add(from);
      const order = { target: from, action: message.action, client: undefined };
      this.#effects.push(...this.#fenceDesk.request(order, at));
      return;
    }
    if (message.kind === "fence-me-reply") {
      this.#effects.push(...this.#ownFence.onReply(from, message));
      return;
    }
    if (message.kind !== "evidence") {
      this.#effects.push(...this.#diskDesk.onMessage(from, message, at));
      return;
    }
    for (const row of message.evidence) {
      if (!evidenceRows[row.kind].isShared || row.drbdResource !== undefined) continue;
      // What is said of a member is out of date; but a power that was just cut is not missed yet.
      const isStale = this.#world.isMember(row.about) && row.kind !== "power-off";
      if (row.about === this.#world.self || isStale) continue;
      if (this.#evidence.add(row)) this.#effects.push({ kind: "changed" });
    }
  }

  #add(row: Evidence): void {
    if (this.#evidence.add(row)) this.#effects.push({ kind: "changed" });
  }

  /** What this node has found out; the others may rely on it, too. */
  #share(row: Evidence): void {
    const others = this.#world.nodes.filter(
      (node) => node !== row.about && this.#world.isLinkUp(node),
    );
    for (const to of others) {
      this.#effects.push({ kind: "send", to, message: { kind: "evidence", evidence: [row] } });
    }
  }

  #review(at: Now): void {
    this.#effects.push(...this.#ownFence.review());
    this.#effects.push(...this.#fenceDesk.review(at));
    this.#doubtDevices(at);
    this.#judgeLosses(at);
    this.#effects.push(...this.#diskDesk.review(at));
  }

  #judgeLosses(at: Now): void {
    for (const loss of this.#losses.all()) {
      const { node } = loss;
      const verdict = this.#losses.verdict(node, at.now);
      const told = `${verdict.kind} ${verdict.why}`;
      if (loss.told === told) continue;
      loss.told = told;
      this.#effects.push({ kind: "changed" });
      const isSilent = verdict.kind === "gone" && !verdict.isProven;
      if (isSilent) this.#evidence.add({ kind: "silence", about: node, since: at.wallMs });
      else this.#evidence.remove((row) => row.kind === "silence" && row.about === node);
      if (isSilent) {
        const message = `${node} is silent and counts as dead, because fencing is off: two guests may run.`;
        this.#notice("warn", "HF6100", message, { node });
      }
      if (verdict.kind === "held") {
        const message = `${node} is silent, but it is not dead: ${verdict.why}. What it runs is left alone.`;
        this.#notice("warn", "HF6101", message, { node });
      }
    }
  }

  #refuse(id: number, refusal: FencerRefusal): void {
    this.#effects.push({ kind: "answer", id, outcome: { refusal } });
  }

  #notice(
    level: FencerNotice["level"],
    code: FencerNotice["code"],
    message: string,
    fields: FencerNotice["fields"],
  ): void {
    this.#effects.push({ kind: "notice", level, code, message, fields });
  }
}
