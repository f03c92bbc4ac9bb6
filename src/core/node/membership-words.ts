/** What the membership and the links say, in sentences for the log. */
import type { LinkEffect } from "../link/types.ts";
import type { LossReason, MembershipEffect, RefusalFields } from "../membership/types.ts";
import type { Notice } from "./effects.ts";

const lossWords: Readonly<Record<LossReason, string>> = {
  silent: "nothing is heard of it",
  "no-answer": "it is heard, but confirms nothing that is sent to it",
  "does-not-hear-us": "it does not hear this node",
  "declared-us-lost": "it had declared this node lost",
  "never-heard": "it was not heard since this node's start",
  "hold-expired": "it did not come back from its restart in time",
};

export function membershipNotice(effect: MembershipEffect): Notice | undefined {
  switch (effect.kind) {
    case "member-joined":
      return say("info", "member-joined", `${effect.peer} is a member.`, { peer: effect.peer });
    case "peer-restarted": {
      const what = effect.rebooted ? "was started again" : "has a new holdfastd";
      return say("info", "peer-restarted", `${effect.peer} ${what}.`, { peer: effect.peer });
    }
    case "peer-left":
      return say("info", "peer-left", `${effect.peer} has left.`, { peer: effect.peer });
    case "peer-late": {
      const { peer, silentForMs } = effect;
      const ms = Math.round(silentForMs);
      return say("warn", "peer-late", `${peer} has been silent for ${ms} ms.`, { peer, ms });
    }
    case "peer-lost": {
      const { peer, why, silentForMs, heardBy } = effect;
      const also = heardBy.length > 0 ? `; ${heardBy.join(", ")} heard it lately` : "";
      const message = `${peer} is lost: ${lossWords[why]}${also}.`;
      return say("warn", "peer-lost", message, { peer, why, ms: Math.round(silentForMs) });
    }
    case "quorum-changed": {
      const { quorate, settled } = effect;
      const message = `This node ${quorate ? "is" : "is not"} part of a quorum.`;
      return say("info", "quorum", message, { quorate, settled });
    }
    case "twin-found": {
      const { address, uuid } = effect;
      const message = `Another daemon at ${address} uses this node's name: it must be stopped.`;
      return say("error", "HF4421", message, { address, uuid });
    }
    case "notice":
      return say(effect.level, effect.code, noticeWords(effect), { ...effect.fields });
    default:
      return undefined;
  }
}

export function linkNotice(effect: LinkEffect): Notice | undefined {
  if (effect.kind === "link-up") {
    return say("info", "link-up", `The link to ${effect.peer} is up.`, { peer: effect.peer });
  }
  if (effect.kind === "link-down") {
    const { peer, why } = effect;
    return say("info", "link-down", `The link to ${peer} is down: ${why}.`, { peer });
  }
  if (effect.kind !== "notice") return undefined;
  if (effect.code === "HF3030") {
    const { address, why, count } = effect.fields;
    const message = `Connections from ${address} are refused (${why}; ${count} lately).`;
    return say(effect.level, effect.code, message, { ...effect.fields });
  }
  const { peer, address, why } = effect.fields;
  const message = `${peer} is heard, but cannot be reached by TCP at ${address}: ${why}.`;
  return say(effect.level, effect.code, message, { ...effect.fields });
}

function noticeWords(notice: Extract<MembershipEffect, { kind: "notice" }>): string {
  switch (notice.code) {
    case "path-up":
      return `${notice.fields.peer} is heard over ${notice.fields.path}.`;
    case "path-down":
      return `${notice.fields.peer} is not heard over ${notice.fields.path} any more.`;
    case "late-heartbeat": {
      const { peer, silentForMs } = notice.fields;
      return `${peer} is heard again after ${Math.round(silentForMs)} ms.`;
    }
    case "own-pause":
      return `This daemon stood still for ${notice.fields.pausedForMs} ms.`;
    case "peer-restarting":
      return `${notice.fields.peer} restarts its daemon and is waited for.`;
    case "peer-uuid-changed":
      return `${notice.fields.peer} is another installation than before.`;
    case "shared-uuid":
      return `${notice.fields.peer} has this node's own uuid: /var/lib/holdfast was copied.`;
    default:
      return refusalWords(notice.fields);
  }
}

function refusalWords({ reason, count, address, path, sender }: RefusalFields): string {
  const from = sender === undefined ? address : `${address} (as ${sender})`;
  return `${count} packets from ${from} over ${path} did not count: ${reason}.`;
}

function say(
  level: Notice["level"],
  code: string,
  message: string,
  fields: Notice["fields"],
): Notice {
  return { kind: "notice", level, code, message, fields };
}
