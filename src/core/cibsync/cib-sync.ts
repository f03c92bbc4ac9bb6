/**
 * One CIB on all nodes. Every change goes through the DC, in one order; followers apply the same change to the same
 * version. Invariants:
 *
 * - A change of the configuration is on the DC's stable storage before anybody else hears of it, and is acknowledged
 *   when it is on that of every follower that is left, and they are a quorum.
 * - The next change of the configuration waits for the one before: so no node is ever more than one unacknowledged
 *   change ahead, and the newest generation has every acknowledged one (docs/design/cluster.md, "Newest").
 * - What a node gives up when it takes another's configuration, and which is no ancestor of that, is kept in a file
 *   and told.
 *
 * The status section lives in memory; it is what the cluster observes, and a new start observes anew.
 */
import { assert, present, unreachable } from "../../base/assert.ts";
import { compareText, sortedEntries } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { applyChange, checkCib, type Touched } from "../cib/apply/apply-change.ts";
import type { ChangeOrigin, CibChange } from "../cib/change.ts";
import { newClusterCib } from "../cib/empty-cib.ts";
import type { Generation } from "../cib/generation.ts";
import { compareVersions, formatVersion, readVersion } from "../cib/version.ts";
import { failedChange } from "./change-failure.ts";
import { entryOf, withoutStatus, withStatusOf } from "./configuration-copy.ts";
import { contains, extended, type Lineage, lineageOf } from "./lineage.ts";
import { StableCopy, type StoreOutcome } from "./stable-copy.ts";
import { adoptedCib, failedWrite, lostChanges, unfitChange, unusableCib } from "./sync-notices.ts";
import type {
  ChangeOutcome,
  CibMessage,
  CibSyncEffect,
  CibSyncEvent,
  LineageEntry,
} from "./types.ts";

/** Changes that wait for their turn. */
export const waitingMax = 64;
/** A follower whose disk takes longer does not hold up the cluster. */
export const storeMsMax = 20_000;

type Request = Extract<CibSyncEvent, { kind: "request" }>;

/** The DC's change of the configuration that is not acknowledged yet. */
type Commit = {
  readonly request: Request;
  /** With what raises the epoch where the change alone does not. */
  readonly change: CibChange;
  readonly entry: LineageEntry;
  /** Undefined: this node's own storage is waited for, and nobody else knows. */
  waitingFor: Set<string> | undefined;
  /** Who has not stored it by then is told of, and not waited for. */
  until: Instant | undefined;
  failures: string[];
};

type Role =
  | { readonly kind: "alone" }
  | { readonly kind: "following"; readonly dc: string; readonly term: number; sequence: number }
  | {
      readonly kind: "dc";
      readonly term: number;
      sequence: number;
      isOpen: boolean;
      /** Those that get every change; synced: with the present configuration on stable storage. */
      readonly followers: Map<string, "sent" | "synced">;
    };

type DcRole = Extract<Role, { kind: "dc" }>;

export class CibSync {
  readonly #self: string;
  #cib: XmlElement;
  #lineage: Lineage;
  #role: Role = { kind: "alone" };
  #quorate = false;
  #waiting: Request[] = [];
  #commit: Commit | undefined;
  readonly #copy: StableCopy;
  #lostToken = 0;
  #effects: CibSyncEffect[] = [];

  /** @param stored what was found on disk; its status is not looked at. */
  constructor(self: string, stored: { readonly cib?: XmlElement; readonly lineage?: string }) {
    this.#self = self;
    this.#cib = withoutStatus(stored.cib ?? newClusterCib());
    this.#lineage = lineageOf(this.#cib, stored.lineage);
    this.#copy = new StableCopy(this.#own(), stored.cib !== undefined);
  }

  get cib(): XmlElement {
    return this.#cib;
  }

  get lineage(): Lineage {
    return this.#lineage;
  }

  get entry(): LineageEntry {
    return present(this.#lineage.at(-1), "the present configuration's entry");
  }

  get generation(): Generation {
    const { adminEpoch, epoch, term } = this.entry;
    return { adminEpoch, epoch, term };
  }

  /** Changes that are not acknowledged yet. */
  get pendingChanges(): number {
    return this.#waiting.length + (this.#commit === undefined ? 0 : 1);
  }

  handle(event: CibSyncEvent, now: Instant): readonly CibSyncEffect[] {
    this.#onEvent(event, now);
    this.#effects.push(...this.#copy.onTime(now));
    this.#giveUpWaiting(now);
    this.#goOn();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  nextDeadline(): Instant | undefined {
    return earliest(this.#copy.nextDeadline(), this.#commit?.until);
  }

  #onEvent(event: CibSyncEvent, now: Instant): void {
    switch (event.kind) {
      case "wake":
        return;
      case "become-dc":
        this.#leaveRole();
        this.#role = {
          kind: "dc",
          term: event.term,
          sequence: 0,
          isOpen: false,
          followers: new Map(),
        };
        return;
      case "open":
        this.#dc().isOpen = true;
        return;
      case "follow":
        this.#leaveRole();
        this.#role = { kind: "following", dc: event.dc, term: event.term, sequence: -1 };
        return;
      case "be-alone":
        this.#leaveRole();
        this.#role = { kind: "alone" };
        return;
      case "add-follower":
        this.#dc().followers.set(event.node, "sent");
        this.#sendWhole(event.node);
        return;
      case "drop-follower":
        this.#onDropFollower(event.node);
        return;
      case "adopt":
        this.#onAdopt(event);
        return;
      case "quorum":
        this.#quorate = event.quorate;
        return;
      case "status":
        this.#onStatus(event.change);
        return;
      case "request":
        this.#onRequest(event);
        return;
      case "message":
        this.#onMessage(event.from, event.message);
        return;
      case "written":
        this.#onWritten(event.token, event.error, now);
        return;
      default:
        unreachable(event);
    }
  }

  #dc(): DcRole {
    assert(this.#role.kind === "dc", "only the DC does this");
    return this.#role;
  }

  #own(): { readonly cib: XmlElement; readonly lineage: Lineage } {
    return { cib: this.#cib, lineage: this.#lineage };
  }

  /** Nobody else knows of what waits; of what was begun nobody can say what becomes of it. */
  #leaveRole(): void {
    const { id } = this.#commit?.request ?? {};
    if (id !== undefined) {
      const message = "The node that orders changes was lost while the change was under way.";
      this.#answer(id, failedChange("HF4502", message));
    }
    this.#commit = undefined;
    for (const request of this.#waiting) {
      this.#answer(request.id, failedChange("HF4504", "The cluster has no DC at the moment."));
    }
    this.#waiting = [];
    // Safety: a draft that nobody else has must not be what this node starts with.
    this.#effects.push(...this.#copy.want(this.#own()));
  }

  #onRequest(request: Request): void {
    if (this.#role.kind !== "dc") {
      this.#answer(request.id, failedChange("HF4504", "This node does not order changes."));
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      const message = `${waitingMax} changes wait for their turn.`;
      this.#answer(request.id, failedChange("HF4503", message));
      return;
    }
    this.#waiting.push(request);
  }

  /** Begins what waits, and ends what is done. */
  #goOn(): void {
    while (this.#role.kind === "dc" && this.#role.isOpen) {
      if (this.#commit !== undefined) {
        if (this.#commit.waitingFor === undefined || this.#commit.waitingFor.size > 0) return;
        this.#acknowledge(this.#commit);
        continue;
      }
      const request = this.#waiting.shift();
      if (request === undefined) return;
      this.#begin(request, this.#role);
    }
  }

  #begin(request: Request, role: DcRole): void {
    const refused = this.#refusal(request);
    if (refused !== undefined) {
      this.#answer(request.id, refused);
      return;
    }
    const applied = applyChange(this.#cib, request.change, request.origin);
    if (!applied.ok) {
      this.#answer(request.id, { ok: false, failure: applied.error });
      return;
    }
    const { cib, touched } = applied.value;
    if (touched !== "configuration") {
      if (touched === "status") this.#takeOver(request.change, request.origin, "client");
      this.#answer(request.id, { ok: true, version: readVersion(this.#cib), touched });
      return;
    }
    const raises = readVersion(cib).epoch > readVersion(this.#cib).epoch;
    const change: CibChange = raises
      ? request.change
      : { kind: "sequence", changes: [request.change, { kind: "bump" }] };
    const draft = this.#applied(change, request.origin);
    const entry = entryOf(draft, role.term);
    this.#commit = {
      request,
      change,
      entry,
      waitingFor: undefined,
      until: undefined,
      failures: [],
    };
    const copy = { cib: draft, lineage: extended(this.#lineage, entry) };
    this.#effects.push(...this.#copy.want(copy));
  }

  #refusal(request: Request): ChangeOutcome | undefined {
    const version = readVersion(this.#cib);
    if (request.expected !== undefined && compareVersions(request.expected, version) !== 0) {
      const [asked, is] = [formatVersion(request.expected), formatVersion(version)];
      return failedChange("HF4506", `The CIB is at version ${is}, not ${asked} any more.`);
    }
    if (this.#quorate || request.force === true) return undefined;
    const message = "This part of the cluster has no quorum: the change might be lost.";
    return failedChange("HF4500", message);
  }

  /** The change is on this node's stable storage: it becomes the cluster's. */
  #publish(commit: Commit, now: Instant): void {
    const role = this.#dc();
    const { request, change, entry } = commit;
    this.#lineage = extended(this.#lineage, entry);
    const touched = this.#takeOver(change, request.origin, "client", entry);
    assert(touched === "configuration", "what was drafted is what is published");
    assert(entryOf(this.#cib, entry.term).digest === entry.digest, "it is what was stored");
    commit.waitingFor = new Set(role.followers.keys());
    commit.until = after(now, storeMsMax);
  }

  #giveUpWaiting(now: Instant): void {
    const { waitingFor, until, failures } = this.#commit ?? {};
    if (waitingFor === undefined || until === undefined || now < until) return;
    for (const node of [...waitingFor].sort(compareText)) {
      failures?.push(`${node} did not store the change within ${storeMsMax / 1000} s.`);
    }
    waitingFor.clear();
  }

  #acknowledge(commit: Commit): void {
    this.#commit = undefined;
    this.#effects.push({ kind: "settled" });
    const { request, failures } = commit;
    if (failures.length > 0) {
      this.#answer(request.id, failedChange("HF4505", failures.join(" ")));
      return;
    }
    // Safety: what a minority has may be lost to the others.
    if (!this.#quorate && request.force !== true) {
      const message = "Quorum was lost while the change was under way.";
      this.#answer(request.id, failedChange("HF4502", message));
      return;
    }
    assert(this.#copy.isStored(commit.entry), "the change is on this node's stable storage");
    this.#answer(request.id, {
      ok: true,
      version: readVersion(this.#cib),
      touched: "configuration",
    });
  }

  #onStatus(change: CibChange): void {
    this.#dc();
    this.#takeOver(change, undefined, "cluster");
  }

  /** Applies a change here and tells the followers. */
  #takeOver(
    change: CibChange,
    origin: ChangeOrigin | undefined,
    by: "client" | "cluster",
    entry?: LineageEntry,
  ): Touched {
    const applied = applyChange(this.#cib, change, origin);
    assert(applied.ok, "what the DC changes can be changed");
    const { cib, touched } = applied.value;
    if (touched === "nothing") return touched;
    assert(
      touched === "status" || entry !== undefined,
      "a change of the configuration is committed",
    );
    this.#cib = cib;
    const role = this.#dc();
    role.sequence++;
    for (const [to] of sortedEntries(role.followers)) {
      this.#send(to, {
        ...{ kind: "cib-change", term: role.term, sequence: role.sequence, change },
        ...(origin !== undefined && { origin }),
        ...(entry !== undefined && { entry }),
      });
    }
    this.#effects.push({ kind: "changed", touched, byClient: by === "client" });
    return touched;
  }

  #applied(change: CibChange, origin: ChangeOrigin): XmlElement {
    const applied = applyChange(this.#cib, change, origin);
    assert(applied.ok, "the change was tried before");
    return applied.value.cib;
  }

  #onWritten(token: number, error: string | undefined, now: Instant): void {
    if (token < 0) {
      if (error !== undefined)
        this.#effects.push(failedWrite(this.#self, "the configuration that was given up", error));
      return;
    }
    const { outcome, effects } = this.#copy.onWritten(token, error, now);
    this.#effects.push(...effects);
    if (outcome === undefined) return;
    if (!outcome.ok) this.#effects.push(failedWrite(this.#self, "the CIB", outcome.error));
    if (this.#role.kind === "dc") this.#onStoredByDc(outcome, now);
    else if (this.#role.kind === "following") this.#tellStored(outcome);
  }

  #onStoredByDc(outcome: StoreOutcome, now: Instant): void {
    const commit = this.#commit;
    if (commit === undefined || commit.waitingFor !== undefined) return;
    if (outcome.ok) {
      if (outcome.stored.digest === commit.entry.digest) this.#publish(commit, now);
      return;
    }
    if (outcome.failed.digest !== commit.entry.digest) return;
    this.#commit = undefined;
    this.#effects.push(...this.#copy.want(this.#own()));
    const message = `The change could not be stored on ${this.#self}: ${outcome.error}.`;
    this.#answer(commit.request.id, failedChange("HF4501", message));
  }

  #tellStored(outcome: StoreOutcome): void {
    assert(this.#role.kind === "following", "a follower tells");
    const { dc, term } = this.#role;
    const entry = outcome.ok ? outcome.stored : outcome.failed;
    const error = outcome.ok ? {} : { error: outcome.error };
    this.#send(dc, { kind: "cib-stored", term, entry, ...error });
  }

  #onMessage(from: string, message: CibMessage): void {
    const role = this.#role;
    switch (message.kind) {
      case "cib-whole":
      case "cib-change":
        if (role.kind !== "following" || role.dc !== from || role.term !== message.term) return;
        if (message.kind === "cib-whole") this.#onWhole(message);
        else this.#onChange(message);
        return;
      case "want-whole":
        if (role.kind !== "dc" || role.term !== message.term) return;
        if (role.followers.has(from)) this.#sendWhole(from);
        return;
      case "cib-stored":
        if (role.kind !== "dc" || role.term !== message.term) return;
        if (role.followers.has(from)) this.#onStoredByFollower(from, message);
        return;
      default:
        unreachable(message);
    }
  }

  #onStoredByFollower(
    from: string,
    { entry, error }: Extract<CibMessage, { kind: "cib-stored" }>,
  ): void {
    const role = this.#dc();
    const commit = this.#commit;
    if (error === undefined) {
      const isCurrent = entry.digest === this.entry.digest && entry.term === this.entry.term;
      if (!isCurrent) return;
      if (role.followers.get(from) === "sent") {
        role.followers.set(from, "synced");
        this.#effects.push({ kind: "follower-synced", node: from });
      }
    } else {
      commit?.failures.push(`The change could not be stored on ${from}: ${error}.`);
    }
    if (commit?.waitingFor === undefined || commit.entry.digest !== entry.digest) return;
    commit.waitingFor.delete(from);
  }

  #onDropFollower(node: string): void {
    const role = this.#dc();
    role.followers.delete(node);
    this.#commit?.waitingFor?.delete(node);
  }

  #sendWhole(to: string): void {
    const { term, sequence } = this.#dc();
    this.#send(to, { kind: "cib-whole", term, sequence, ...this.#own() });
  }

  #onWhole(message: Extract<CibMessage, { kind: "cib-whole" }>): void {
    assert(this.#role.kind === "following", "a follower takes the whole");
    const problem = checkCib(message.cib);
    if (problem !== undefined || message.lineage.length === 0) {
      this.#onUnusable(problem?.message ?? "it has no lineage");
      return;
    }
    this.#role.sequence = message.sequence;
    this.#replace(message.cib, message.lineage);
  }

  #onUnusable(why: string): void {
    assert(this.#role.kind === "following", "a follower takes the whole");
    const { dc, term } = this.#role;
    this.#effects.push(unusableCib(dc, why));
    this.#send(dc, { kind: "cib-stored", term, entry: this.entry, error: why });
  }

  #onChange(message: Extract<CibMessage, { kind: "cib-change" }>): void {
    assert(this.#role.kind === "following", "a follower takes changes");
    const { dc, term } = this.#role;
    const role = this.#role;
    // Before the whole has come nothing fits.
    if (role.sequence < 0 || message.sequence <= role.sequence) return;
    const { change, origin, entry } = message;
    const applied = applyChange(this.#cib, change, origin);
    const fits =
      applied.ok &&
      message.sequence === role.sequence + 1 &&
      (applied.value.touched === "configuration") === (entry !== undefined) &&
      (entry === undefined || entryOf(applied.value.cib, entry.term).digest === entry.digest);
    if (!fits) {
      role.sequence = -1;
      this.#effects.push(unfitChange(dc));
      this.#send(dc, { kind: "want-whole", term });
      return;
    }
    role.sequence = message.sequence;
    this.#cib = applied.value.cib;
    if (entry !== undefined) {
      this.#lineage = extended(this.#lineage, entry);
      this.#effects.push(...this.#copy.want(this.#own()));
      if (this.#copy.isStored(entry)) this.#tellStored({ ok: true, stored: entry });
    }
    const touched = entry === undefined ? "status" : "configuration";
    this.#effects.push({ kind: "changed", touched, byClient: false });
  }

  #onAdopt(event: Extract<CibSyncEvent, { kind: "adopt" }>): void {
    const role = this.#dc();
    assert(!role.isOpen || this.#commit === undefined, "no change is under way");
    const problem = checkCib(event.cib);
    if (problem !== undefined || event.lineage.length === 0) {
      this.#effects.push(unusableCib("a joiner", problem?.message ?? "it has no lineage"));
      return;
    }
    const cib = event.withStatus ? event.cib : withStatusOf(event.cib, this.#cib);
    this.#replace(cib, event.lineage);
    for (const [node] of sortedEntries(role.followers)) {
      role.followers.set(node, "sent");
      this.#sendWhole(node);
    }
  }

  /** Another's CIB takes the place of this node's. */
  #replace(cib: XmlElement, lineage: Lineage): void {
    const entry = this.entry;
    const isNew = entry.adminEpoch === 0 && entry.epoch === 0;
    if (!isNew && !contains(lineage, entry)) this.#keepLost(cib);
    const isSame = lineage.at(-1)?.digest === entry.digest;
    this.#cib = cib;
    this.#lineage = lineage;
    this.#effects.push({ kind: "changed", touched: "configuration", byClient: false });
    if (!isSame) this.#effects.push(adoptedCib(cib));
    this.#effects.push(...this.#copy.want(this.#own()));
    if (this.#role.kind === "following" && this.#copy.isStored(this.entry)) {
      this.#tellStored({ ok: true, stored: this.entry });
    }
  }

  #keepLost(winner: XmlElement): void {
    const version = formatVersion(readVersion(this.#cib));
    const path = `lost/cib-${version}-${this.entry.digest.slice(0, 8)}.xml`;
    const text = printXml(withoutStatus(this.#cib));
    this.#effects.push({ kind: "write-file", token: --this.#lostToken, path, text });
    this.#effects.push(lostChanges(this.#cib, winner, path));
  }

  #answer(id: number | undefined, outcome: ChangeOutcome): void {
    if (id !== undefined) this.#effects.push({ kind: "answer", id, outcome });
  }

  #send(to: string, message: CibMessage): void {
    this.#effects.push({ kind: "send", to, message });
  }
}
