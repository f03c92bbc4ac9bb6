/** What the next start is to know (past.ts), noted as it happens, and taken over at that start. */
import { after, elapsedMs, type Instant } from "../../../base/time.ts";
import { Role } from "../../../formats/drbd/drbd-state.ts";
import type { Resource } from "../resource.ts";
import type { Past } from "./past.ts";

/** Changes of the role that are remembered. */
const roleChangesMax = 16;

/** Takes over what the last start has left. */
export function restorePast(r: Resource, past: Past): void {
  const at = (msAgo: number): Instant => after(r.now, -Math.max(0, msAgo));
  const before = past.roleChanges.slice(-roleChangesMax).map(({ role, msAgo }) => ({
    role: role === "Primary" ? Role.Primary : Role.Secondary,
    at: at(msAgo),
  }));
  r.roleChanges.splice(0, r.roleChanges.length, ...before);
  // One that was killed as Primary has been none from then on; nobody has noted when that was.
  if (before.at(-1)?.role !== r.role) addRole(r, r.role);
  if (past.apartMs !== undefined) r.link.lostSince = at(past.apartMs);
  else if (past.connected) r.link.lostSince = r.now;
}

export function noteRole(r: Resource, role: Role): void {
  addRole(r, role);
  r.pastChanged = true;
}

/** The connection is lost; it may have been so before it was ever whole again. */
export function noteApart(r: Resource): void {
  r.link.lostSince ??= r.now;
  r.link.wasConnected = false;
  r.pastChanged = true;
}

export function noteTogether(r: Resource): void {
  r.link.lostSince = undefined;
  r.link.wasConnected = true;
  r.pastChanged = true;
}

export function pastOf(r: Resource): Past {
  const { lostSince, wasConnected } = r.link;
  return {
    roleChanges: r.roleChanges.map(({ role, at }) => ({
      role: role === Role.Primary ? "Primary" : "Secondary",
      msAgo: elapsedMs(at, r.now),
    })),
    connected: wasConnected,
    ...(lostSince === undefined ? {} : { apartMs: elapsedMs(lostSince, r.now) }),
  };
}

function addRole(r: Resource, role: Role): void {
  r.roleChanges.push({ role, at: r.now });
  if (r.roleChanges.length > roleChangesMax) r.roleChanges.shift();
}
