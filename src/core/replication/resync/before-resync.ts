/**
 * The moment before a resync begins, at which a handler may forbid it: before-resync-target, where a snapshot of the
 * copy that is going to be Inconsistent is made, and before-resync-source. Specification section 13.7.
 *
 * Contract with the shell: between the question and its answer it brings no packet of the data connection. So nothing is
 * written here meanwhile, and the copy stands still as it was.
 */
import { assert } from "../../../base/assert.ts";
import { Conn, Role } from "../../../formats/drbd/drbd-state.ts";
import type { AskHandler } from "../effects.ts";
import { notice } from "../emit.ts";
import type { HandlerAnswer } from "../events.ts";
import { startSyncTarget } from "../generation/generation-uuids.ts";
import { nextToken, type Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";

/** The exit code that kernels of old got from tools that knew no before-resync-source. */
const ignoredOfSource = 3;

/** All that is needed to be SyncSource is there. */
export function sourceIsReady(r: Resource, v: Volume): void {
  if (!ask(r, v, "before-resync-source", undefined)) becomeSource(r, v);
}

/** P_SYNC_UUID has come, and this side is ready for it. */
export function targetIsReady(r: Resource, v: Volume, uuid: bigint): void {
  if (!ask(r, v, "before-resync-target", uuid)) becomeTarget(r, v, uuid);
}

export function onHandlerAnswer(r: Resource, { request, exitCode }: HandlerAnswer): void {
  const v = r.volumes.find((volume) => volume.handlerAsked?.request === request);
  const asked = v?.handlerAsked;
  if (v === undefined || asked === undefined) return;
  v.handlerAsked = undefined;
  v.progressAt = r.now;
  // The connection about which it was asked is gone, or the resync was given up.
  if (asked.session !== r.link.session || v.conn !== asked.conn) return;
  const { name } = asked;
  if (exitCode !== 0) {
    const ignored = name === "before-resync-source" && exitCode === ignoredOfSource;
    const what = ignored ? "ignoring" : "dropping connection";
    notice(r, "warn", "handler-answer", `${name} handler returned ${exitCode}, ${what}.`, {
      volume: v,
      fields: { name, exitCode },
    });
    if (!ignored) {
      const { session } = asked;
      const reason = `the handler ${name} returned ${exitCode}`;
      r.steps.push({ step: "drop-connection", session, conn: Conn.Disconnecting, reason });
      return;
    }
  }
  if (asked.uuid === undefined) becomeSource(r, v);
  else becomeTarget(r, v, asked.uuid);
}

/** @returns whether the answer has to be waited for. */
function ask(r: Resource, v: Volume, name: AskHandler["name"], uuid: bigint | undefined): boolean {
  const { data: connection, session } = r.link;
  if (r.settings.asksBeforeResync !== true || connection === undefined) return false;
  const request = nextToken(r);
  v.handlerAsked = { request, session, name, conn: v.conn, uuid };
  r.effects.push({ kind: "ask-handler", request, name, volume: v.number, connection });
  return true;
}

function becomeSource(r: Resource, v: Volume): void {
  forceState(r, (s) => ({ ...s, conn: Conn.SyncSource }), [v]);
}

function becomeTarget(r: Resource, v: Volume, uuid: bigint): void {
  const { backing } = v;
  assert(backing !== undefined, "a target has a disk");
  backing.uuids = startSyncTarget(backing.uuids, uuid, r.role === Role.Primary);
  forceState(r, (s) => ({ ...s, conn: Conn.SyncTarget }), [v]);
}
