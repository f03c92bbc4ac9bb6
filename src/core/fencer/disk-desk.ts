/**
 * Disks that ask whether they may go on without their peer, and peers that ask a disk to stand back. A verdict is given
 * only with both answers: the peer cannot execute, and the copy here is whole; or when the peer itself wrote Outdated.
 */
import { assert } from "../../base/assert.ts";
import { sortedEntries } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { DiskMemory } from "./disk-memory.ts";
import type { EvidenceTable } from "./evidence-table.ts";
import type {
  DiskEffect,
  FencerEffect,
  FencerMessage,
  FencerNotice,
  FencerWorld,
} from "./types.ts";

/** A peer that could not be outdated is asked again. */
const askAgainMs = 5000;
/** One that refused may not have noticed yet that the connection is gone. */
const refusedAgainMs = 1000;
/** Questions whose answer is still looked at. */
const askedMax = 64;

type Request = {
  readonly request: number;
  readonly reason: "peer-lost" | "promotion";
  askAt: Instant;
  isTold: boolean;
  /** The disks were seen to be apart since it was asked: the question may come before that news. */
  wasApart: boolean;
};

type Now = { readonly now: Instant; readonly wallMs: number };

export class DiskDesk {
  readonly #world: FencerWorld;
  readonly #evidence: EvidenceTable;
  readonly #disks: DiskMemory;
  readonly #newToken: () => number;
  readonly #requests = new Map<string, Request>();
  /** The policy that each disk server was told. */
  readonly #policies = new Map<string, string>();
  /** What was asked of peers, by number. */
  readonly #asked = new Map<number, { readonly drbdResource: string; readonly peer: string }>();
  /** What peers asked, by the token of the effect. */
  readonly #outdating = new Map<number, { readonly from: string; readonly id: number }>();
  #lastAsk = 0;

  constructor(
    world: FencerWorld,
    parts: {
      readonly evidence: EvidenceTable;
      readonly disks: DiskMemory;
      newToken(): number;
    },
  ) {
    this.#world = world;
    this.#evidence = parts.evidence;
    this.#disks = parts.disks;
    this.#newToken = () => parts.newToken();
  }

  /** Names of those that wait for a verdict. */
  waiting(): readonly string[] {
    return sortedEntries(this.#requests).map(([name]) => name);
  }

  onRequest(
    drbdResource: string,
    asked: { readonly request: number; readonly reason: Request["reason"] },
    now: Instant,
  ): void {
    this.#requests.set(drbdResource, { ...asked, askAt: now, isTold: false, wasApart: false });
  }

  /** Policies that are due, and verdicts that can be given. */
  review(at: Now): readonly FencerEffect[] {
    return [...this.#policyEffects(), ...this.#verdicts(at)];
  }

  onMessage(
    from: string,
    message: Extract<FencerMessage, { kind: "outdate" | "outdated" }>,
    at: Now,
  ): readonly FencerEffect[] {
    if (message.kind === "outdate") {
      const token = this.#newToken();
      this.#outdating.set(token, { from, id: message.id });
      return [{ kind: "outdate-disk", token, drbdResource: message.drbdResource }];
    }
    const asked = this.#asked.get(message.id);
    if (asked === undefined || asked.peer !== from) return [];
    this.#asked.delete(message.id);
    const { drbdResource, peer } = asked;
    if (message.ok && this.#disks.get(drbdResource)?.connected === false) {
      this.#evidence.add({ kind: "peer-outdated", about: peer, drbdResource, since: at.wallMs });
      return [];
    }
    const request = this.#requests.get(drbdResource);
    if (request !== undefined) request.askAt = after(at.now, refusedAgainMs);
    const why = `${peer} did not mark its copy of ${drbdResource} Outdated: ${message.message}`;
    return [notice("warn", "HF6110", why, { drbdResource, peer })];
  }

  onOutdated(token: number, ok: boolean, message: string): readonly FencerEffect[] {
    const asked = this.#outdating.get(token);
    if (asked === undefined) return [];
    this.#outdating.delete(token);
    return [
      { kind: "send", to: asked.from, message: { kind: "outdated", id: asked.id, ok, message } },
    ];
  }

  nextDeadline(): Instant | undefined {
    const asking = [...this.#requests].filter(
      ([name, { wasApart }]) => wasApart && this.#canAskPeer(name),
    );
    return earliest(...asking.map(([, request]) => request.askAt));
  }

  #policyEffects(): readonly DiskEffect[] {
    const policy = this.#world.isFencingOn() ? "resource-and-stonith" : "dont-care";
    const present = new Set(this.#disks.all().map(([name]) => name));
    for (const name of this.#policies.keys()) if (!present.has(name)) this.#policies.delete(name);
    const due = [...present].filter((name) => this.#policies.get(name) !== policy);
    for (const name of due) this.#policies.set(name, policy);
    return due.map((drbdResource) => ({ kind: "set-disk-fencing-policy", drbdResource, policy }));
  }

  #verdicts(at: Now): readonly FencerEffect[] {
    return sortedEntries(this.#requests).flatMap(([drbdResource, request]) => {
      const facts = this.#disks.get(drbdResource);
      // Its server is gone, or it has its peer again: nobody waits for an answer.
      if (facts === undefined || (facts.connected && request.wasApart)) {
        this.#requests.delete(drbdResource);
        return [];
      }
      if (facts.connected) return [];
      request.wasApart = true;
      const exitCode = this.#verdict(drbdResource, facts.peer);
      if (exitCode === undefined) return this.#askPeer(drbdResource, request, at);
      this.#requests.delete(drbdResource);
      return [{ kind: "fence-verdict", drbdResource, request: request.request, exitCode }];
    });
  }

  #verdict(drbdResource: string, peer: string): 4 | 7 | undefined {
    if (this.#evidence.hasOutdated(peer, drbdResource)) return 4;
    const silenceCounts = !this.#world.isFencingOn();
    const peerAnswer = this.#evidence.peerAnswer(peer, { silenceCounts });
    const copyAnswer = this.#evidence.copyAnswer(peer, drbdResource);
    if (peerAnswer === undefined || copyAnswer === undefined) return undefined;
    // Safety: to go on alone needs both answers, and neither stands for the other.
    assert(peerAnswer.kind !== copyAnswer.kind, "two questions have two answers");
    return 7;
  }

  #canAskPeer(drbdResource: string): boolean {
    const peer = this.#disks.get(drbdResource)?.peer;
    return peer !== undefined && this.#world.isMember(peer) && this.#world.isLinkUp(peer);
  }

  #askPeer(drbdResource: string, request: Request, { now }: Now): readonly FencerEffect[] {
    const peer = this.#disks.get(drbdResource)?.peer ?? "";
    const effects: FencerEffect[] = [];
    if (!request.isTold) {
      request.isTold = true;
      const message = `${drbdResource} waits: nothing proves yet that it may go on without ${peer}.`;
      effects.push(notice("warn", "HF6110", message, { drbdResource, peer }));
    }
    if (!this.#canAskPeer(drbdResource) || now < request.askAt) return effects;
    request.askAt = after(now, askAgainMs);
    const id = ++this.#lastAsk;
    this.#asked.set(id, { drbdResource, peer });
    this.#asked.delete(id - askedMax);
    return [...effects, { kind: "send", to: peer, message: { kind: "outdate", id, drbdResource } }];
  }
}

function notice(
  level: "warn" | "error",
  code: FencerNotice["code"],
  message: string,
  fields: FencerNotice["fields"],
): FencerNotice {
  return { kind: "notice", level, code, message, fields };
}
