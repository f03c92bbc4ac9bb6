/**
 * Becoming Secondary. Everything that was asked for is finished first, and stable on both nodes: whoever is promoted
 * next, here or there, has all of it.
 */
import { Conn, Role } from "../../../formats/drbd/drbd-state.ts";
import { giveUp } from "../connection/connection-loss.ts";
import { notice, refuseAdmin, replyAdmin, replyIo } from "../emit.ts";
import { withRole } from "../generation/generation-uuids.ts";
import { settleLogSteps, writeMetadata } from "../metadata/metadata-writer.ts";
import { finish } from "../requests/app-write.ts";
import { urgeBarrierAcks } from "../requests/send-barrier.ts";
import type { Resource } from "../resource.ts";
import { requestState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import type { AppRequest } from "../volume.ts";

export function onSecondaryCommand(r: Resource, id: number): void {
  if (r.role === Role.Secondary && r.promotion === undefined) {
    replyAdmin(r, id);
    return;
  }
  const open = r.volumes.some((v) => v.openCount > 0);
  const busy = r.promotion !== undefined || r.demotion !== undefined || r.change !== undefined;
  if (open || busy) {
    const code = open ? StateCode.DeviceInUse : StateCode.InTransientState;
    refuseAdmin(r, id, code, stateCodeText(code));
    return;
  }
  beginDemotion(r, id);
}

/** @param id of the administrator's request; undefined if it follows from a split brain's policy. */
export function beginDemotion(r: Resource, id: number | undefined): void {
  if (r.role === Role.Secondary || r.demotion !== undefined) return;
  r.demotion = { adminId: id, phase: "draining", pendingWrites: 0 };
  urgeBarrierAcks(r);
  demotionNext(r);
}

/** Goes on when nothing is under way any more. */
export function demotionNext(r: Resource): void {
  const { demotion } = r;
  if (demotion === undefined || demotion.phase !== "draining") return;
  refuseFrozen(r);
  if (r.volumes.some((v) => v.appPending > 0)) return;
  if (r.log.sent.size > 0) return;
  if (r.log.current.requests.length > 0) {
    urgeBarrierAcks(r);
    return;
  }
  const code = requestState(r, (s) => ({
    ...s,
    role: Role.Secondary,
    suspFen: false,
    suspNod: false,
  }));
  if (code < StateCode.Success) {
    r.demotion = undefined;
    if (demotion.adminId !== undefined) refuseAdmin(r, demotion.adminId, code, stateCodeText(code));
    r.steps.push({ step: "release-held" });
    return;
  }
  demotion.phase = "saving";
  demotion.pendingWrites = r.volumes.length;
  for (const v of r.volumes) {
    const { backing } = v;
    if (backing !== undefined) {
      backing.uuids = { ...backing.uuids, current: withRole(backing.uuids.current, false) };
    }
    writeMetadata(r, v, settleLogSteps, [{ step: "demoted" }]);
  }
}

/** The metadata of a volume say that this node is Secondary. */
export function onDemotedWritten(r: Resource): void {
  const { demotion } = r;
  if (demotion === undefined) return;
  demotion.pendingWrites--;
  if (demotion.pendingWrites > 0) return;
  r.demotion = undefined;
  if (demotion.adminId !== undefined) replyAdmin(r, demotion.adminId);
  r.steps.push({ step: "release-held" });
}

/**
 * What is frozen or held back was never acknowledged, and nobody uses the device any more: it is refused. This node's
 * disk may have writes that the peer's lacks, in no new generation: it counts as crashed, so that the two are compared.
 */
function refuseFrozen(r: Resource): void {
  if (!r.susp && !r.suspFen && !r.suspNod) return;
  const frozen: readonly AppRequest[] = [...r.frozen];
  r.frozen.clear();
  for (const request of frozen) {
    giveUp(r, request);
    request.refused = true;
    if (!request.answered && !request.localPending) finish(r, request, "io-error");
    if (request.volume.backing !== undefined) request.volume.backing.crashedPrimary = true;
  }
  for (const v of r.volumes) {
    const held = v.held;
    v.held = [];
    for (const request of held) {
      if (request.kind === "read") replyIo(r, request.id, "not-primary");
      else if (request.kind === "app-flush") {
        v.appPending--;
        replyIo(r, request.id, "not-primary");
      } else if (!request.answered) finish(r, request, "not-primary");
    }
    v.newGenerationPending = false;
  }
  const connected = r.link.conn === Conn.WFReportParams;
  notice(r, "warn", "frozen-refused", "frozen requests are refused: the device is given up", {
    fields: { writes: frozen.length, connected },
  });
}
