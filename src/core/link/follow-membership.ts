/** What the membership says, as the links need to hear it. */
import type { MembershipEffect, MembershipNotice } from "../membership/types.ts";
import type { LinkEvent } from "./types.ts";

/** None for what does not concern them. */
export function linkEvent(effect: MembershipEffect): LinkEvent | undefined {
  switch (effect.kind) {
    case "member-joined":
    case "peer-restarted": {
      const { peer, incarnation, addresses } = effect;
      return { kind: "peer-up", peer, incarnation, addresses };
    }
    case "peer-addresses":
      return { kind: "peer-addresses", peer: effect.peer, addresses: effect.addresses };
    case "peer-left":
    case "peer-lost":
      return { kind: "peer-down", peer: effect.peer };
    case "peer-late":
      return { kind: "peer-quiet", peer: effect.peer, quiet: true };
    case "notice":
      return quiet(effect);
    default:
      return undefined;
  }
}

function quiet(notice: MembershipNotice): LinkEvent | undefined {
  if (notice.code !== "peer-restarting" && notice.code !== "late-heartbeat") return undefined;
  const isQuiet = notice.code === "peer-restarting";
  return { kind: "peer-quiet", peer: notice.fields.peer, quiet: isQuiet };
}
