/** `drbdadm verify`: the administrator's wish, and the peer's answer to it. Specification: sections 8.8 and 12.6. */
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import type { ClusterChange } from "../admin-tasks.ts";
import { sendState } from "../connection/send-parameters.ts";
import { refuseAdmin, replyAdmin } from "../emit.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import type { Resource } from "../resource.ts";
import { askPeer } from "../roles/cluster-change.ts";
import { requestState, tryState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import type { Volume } from "../volume.ts";

/** The protocol versions whose VerifyT can't be told that the verify ends before the volume does. */
const protocolWithoutStop = 100;

export function onVerifyCommand(
  r: Resource,
  id: number,
  v: Volume,
  command: { readonly startSector?: number; readonly stopSector?: number },
): void {
  const code = objectionTo(r, v, command.stopSector);
  if (code !== undefined) {
    refuseAdmin(r, id, code, stateCodeText(code));
    return;
  }
  const bits = v.backing?.bitmap.bits ?? 0;
  const firstBit =
    command.startSector === undefined ? v.verifyFromBit : bitOf(command.startSector, Math.floor);
  const endBit = command.stopSector === undefined ? bits : bitOf(command.stopSector, Math.ceil);
  if (firstBit >= Math.min(endBit, bits)) {
    refuseAdmin(r, id, 0, "nothing to verify: the start is not before the stop and the end");
    return;
  }
  v.verifyWanted = { firstBit, endBit };
  askPeer(r, { purpose: "verify", volumes: [v], wish: { conn: Conn.VerifyS }, adminId: id });
}

/** The peer has answered, or is lost. */
export function onVerifyAnswer(r: Resource, change: ClusterChange, lost: boolean): void {
  const agreed = !lost && change.code >= StateCode.Success;
  const refusal = lost ? StateCode.NeedConnection : change.code;
  const code = agreed
    ? requestState(r, (s) => ({ ...s, conn: Conn.VerifyS }), change.volumes)
    : refusal;
  if (code >= StateCode.Success) {
    replyAdmin(r, change.adminId);
    return;
  }
  for (const v of change.volumes) {
    v.verifyWanted = undefined;
    // The peer waits for questions that will not come: it takes this for the end.
    if (agreed) sendState(r, v);
  }
  refuseAdmin(r, change.adminId, code, stateCodeText(code));
}

function objectionTo(
  r: Resource,
  v: Volume,
  stopSector: number | undefined,
): StateCode | undefined {
  const code = tryState(r, (s) => ({ ...s, conn: Conn.VerifyS }), [v]);
  if (code < StateCode.Success) return code;
  if (code === StateCode.NothingToDo) return StateCode.ResyncRunning;
  if (r.change !== undefined) return StateCode.InTransientState;
  const unstoppable = r.link.agreedProtocol === protocolWithoutStop;
  return stopSector !== undefined && unstoppable ? StateCode.NotSupported : undefined;
}

function bitOf(sector: number, round: (bit: number) => number): number {
  return round((sector * sectorBytes) / blockBytes);
}
