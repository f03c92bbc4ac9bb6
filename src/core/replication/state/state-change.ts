/**
 * The one way in which state changes: wish -> sanitize -> refuse or apply -> a step for what follows. Roles and
 * suspension belong to the resource, the peer's role and the lower connection states to the link, the rest to each
 * volume; this file is the only one that writes them.
 */
import { assert } from "../../../base/assert.ts";
import {
  Conn,
  connName,
  Disk,
  type DrbdState,
  diskName,
  Role,
  roleName,
} from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import { sameGeneration } from "../generation/generation-uuids.ts";
import type { Resource } from "../resource.ts";
import { noteRole } from "../roles/note-past.ts";
import type { Volume } from "../volume.ts";
import { type SanitizeContext, sanitizeState } from "./sanitize-state.ts";
import { StateCode, stateCodeText } from "./state-codes.ts";
import {
  impossibleTransition,
  type RuleContext,
  refusedState,
  refusedWish,
} from "./state-rules.ts";

export type Change = (state: DrbdState, volume: Volume) => DrbdState;

/** A volume's state as one record. */
export function stateOf(r: Resource, v: Volume): DrbdState {
  return {
    role: r.role,
    peer: r.link.peerRole,
    conn: r.link.conn < Conn.WFReportParams ? r.link.conn : v.conn,
    disk: v.disk,
    pdsk: v.pdsk,
    susp: r.susp,
    aftrIsp: v.aftrIsp,
    peerIsp: v.peerIsp,
    userIsp: v.userIsp,
    suspNod: r.suspNod,
    suspFen: r.suspFen,
  };
}

/** What has happened, and can't be refused. An impossible transition is a bug of ours. */
export function forceState(
  r: Resource,
  change: Change,
  volumes: readonly Volume[] = r.volumes,
): void {
  const plan = planOf(r, change, volumes);
  for (const { volume, old, next } of plan) {
    assert(
      !impossibleTransition(old, next),
      `volume ${volume.number}: ${describe(old, next)} is a possible transition`,
    );
  }
  apply(r, plan);
}

/** What someone wishes: applied only if the result is 1 or more. */
export function requestState(
  r: Resource,
  change: Change,
  volumes: readonly Volume[] = r.volumes,
): StateCode {
  const plan = planOf(r, change, volumes);
  const code = judge(r, plan);
  if (code >= StateCode.Success) apply(r, plan);
  return code;
}

/** What `requestState` would answer, without applying anything. */
export function tryState(
  r: Resource,
  change: Change,
  volumes: readonly Volume[] = r.volumes,
): StateCode {
  return judge(r, planOf(r, change, volumes));
}

/** The text `role( Secondary -> Primary ) conn( … )` of DRBD's log; empty when nothing differs. */
export function describe(old: DrbdState, next: DrbdState): string {
  const parts: string[] = [];
  if (old.role !== next.role) parts.push(`role( ${roleName(old.role)} -> ${roleName(next.role)} )`);
  if (old.peer !== next.peer) parts.push(`peer( ${roleName(old.peer)} -> ${roleName(next.peer)} )`);
  if (old.conn !== next.conn) parts.push(`conn( ${connName(old.conn)} -> ${connName(next.conn)} )`);
  if (old.disk !== next.disk) parts.push(`disk( ${diskName(old.disk)} -> ${diskName(next.disk)} )`);
  if (old.pdsk !== next.pdsk) parts.push(`pdsk( ${diskName(old.pdsk)} -> ${diskName(next.pdsk)} )`);
  const flags: readonly (readonly [string, boolean, boolean])[] = [
    ["susp", old.susp, next.susp],
    ["susp_nod", old.suspNod, next.suspNod],
    ["susp_fen", old.suspFen, next.suspFen],
    ["aftr_isp", old.aftrIsp, next.aftrIsp],
    ["peer_isp", old.peerIsp, next.peerIsp],
    ["user_isp", old.userIsp, next.userIsp],
  ];
  for (const [name, was, is] of flags) {
    if (was !== is) parts.push(`${name}( ${was ? 1 : 0} -> ${is ? 1 : 0} )`);
  }
  return parts.join(" ");
}

/** Brings what the path of every request looks at in line with the state. */
export function recompute(r: Resource): void {
  const suspended = r.susp || r.suspNod || r.suspFen;
  const wholeHeld = suspended || r.resending !== undefined;
  for (const v of r.volumes) {
    const conn = r.link.conn < Conn.WFReportParams ? r.link.conn : v.conn;
    v.replicating =
      conn >= Conn.Connected &&
      (v.pdsk === Disk.UpToDate ||
        (v.pdsk >= Disk.Inconsistent && conn >= Conn.WFBitMapT && conn < Conn.Ahead));
    v.sendingOos = conn === Conn.Ahead || conn === Conn.WFBitMapS;
    v.holding =
      wholeHeld ||
      v.gates > 0 ||
      v.generationWriting ||
      v.newGenerationPending ||
      // A write between the peer's judgement of this disk and its use here would be marked by nobody.
      v.disk === Disk.Negotiating ||
      conn === Conn.WFBitMapT ||
      conn === Conn.WFSyncUUID;
    v.readsLocal = r.role === Role.Primary && v.disk === Disk.UpToDate && !suspended;
  }
}

type Planned = { readonly volume: Volume; readonly old: DrbdState; readonly next: DrbdState };

function planOf(r: Resource, change: Change, volumes: readonly Volume[]): readonly Planned[] {
  return volumes.map((volume) => {
    const old = stateOf(r, volume);
    const sanitized = sanitizeState(old, change(old, volume), sanitizeContext(volume));
    if (sanitized.warning !== undefined) {
      notice(r, "warn", "state-adjusted", sanitized.warning, { volume });
    }
    return { volume, old, next: withoutRevival(volume, old, sanitized.state) };
  });
}

/**
 * Safety: a disk that has failed, or that is not wholly attached, is never made a good one by a change that is about
 * something else. (The sanitizer, which knows no attachments, takes it for what the other fields demand.)
 */
function withoutRevival(volume: Volume, old: DrbdState, next: DrbdState): DrbdState {
  const gone = old.disk === Disk.Diskless || old.disk === Disk.Failed;
  const held = gone || volume.attachment !== undefined;
  return held && next.disk > Disk.Failed ? { ...next, disk: old.disk } : next;
}

function sanitizeContext(v: Volume): SanitizeContext {
  const { backing } = v;
  const expected =
    backing !== undefined &&
    (v.exposedUuid === 0n || sameGeneration(v.exposedUuid, backing.uuids.current));
  return { disk: v.settings, negotiated: expected ? backing.negotiated : undefined };
}

function judge(r: Resource, plan: readonly Planned[]): StateCode {
  let changed = false;
  for (const { volume, old, next } of plan) {
    if (describe(old, next) === "") continue;
    changed = true;
    if (impossibleTransition(old, next)) {
      const needsPeer = old.conn < Conn.WFReportParams && next.conn >= Conn.Connected;
      return needsPeer ? StateCode.NeedConnection : StateCode.InTransientState;
    }
    const refused = refusalOf(old, next, ruleContext(r, volume));
    if (refused !== undefined) {
      tellRefused(r, volume, refused, describe(old, next));
      return refused.code;
    }
  }
  return changed ? StateCode.Success : StateCode.NothingToDo;
}

type Refusal = { readonly label: string; readonly code: StateCode };

/** What was wrong before is no reason to refuse a change that leaves it as it is. */
function refusalOf(old: DrbdState, next: DrbdState, context: RuleContext): Refusal | undefined {
  const refused = refusedState(next, context);
  if (refused !== undefined && refused.code !== refusedState(old, context)?.code) return refused;
  return refusedWish(old, next, context);
}

/** What passes by itself is tried again and again, and not told. */
function tellRefused(r: Resource, v: Volume, { label, code }: Refusal, wish: string): void {
  if (code === StateCode.InTransientState) return;
  const text = `State change failed: (${code}) ${stateCodeText(code)}`;
  notice(r, "info", "state-refused", text, { volume: v, fields: { label, wish } });
}

function ruleContext(r: Resource, v: Volume): RuleContext {
  return {
    fencing: v.settings.fencing,
    twoPrimaries: {
      allowed: r.net.allowTwoPrimaries,
      peerAllows: r.link.peerAllowsTwoPrimaries === true,
      protocol: r.net.protocol,
      windowOpen: r.windowOpen,
    },
    deviceOpen: v.openCount > 0,
    verifyAlg: r.net.verifyAlg,
    agreedProtocol: r.link.agreedProtocol,
    handshakeRunning: r.link.conn === Conn.WFReportParams && v.conn < Conn.Connected,
  };
}

function apply(r: Resource, plan: readonly Planned[]): void {
  const first = plan[0];
  if (first === undefined) return;
  const suspNod = combined(plan, "suspNod");
  const suspFen = combined(plan, "suspFen");
  for (const { volume, old, next } of plan) {
    const text = describe(old, next);
    if (text === "") continue;
    if (old.conn !== next.conn) volume.progressAt = r.now;
    volume.conn = next.conn < Conn.Connected ? Conn.WFReportParams : next.conn;
    volume.disk = next.disk;
    volume.pdsk = next.pdsk;
    volume.aftrIsp = next.aftrIsp;
    volume.peerIsp = next.peerIsp;
    volume.userIsp = next.userIsp;
    if (volume.disk > Disk.Negotiating && volume.backing) volume.backing.negotiated = undefined;
    if (volume.disk === Disk.UpToDate) volume.diskBehind = false;
    notice(r, "info", "state-changed", text, { volume });
    r.steps.push({ step: "after-state", volume, old, next: { ...next, suspNod, suspFen } });
    r.statusChanged = true;
  }
  if (r.role !== first.next.role) noteRole(r, first.next.role);
  r.role = first.next.role;
  r.susp = first.next.susp;
  r.suspNod = suspNod;
  r.suspFen = suspFen;
  r.link.peerRole = first.next.peer;
  const conn = first.next.conn;
  r.link.conn = Math.min(conn, Conn.WFReportParams) as Conn;
  recompute(r);
}

/** A suspension of the resource that any of its volumes has brought about, or that was lifted. */
function combined(plan: readonly Planned[], flag: "suspNod" | "suspFen"): boolean {
  let value = plan[0]?.old[flag] ?? false;
  for (const { old, next } of plan) {
    if (next[flag] === old[flag]) continue;
    if (next[flag]) return true;
    value = false;
  }
  return value;
}
