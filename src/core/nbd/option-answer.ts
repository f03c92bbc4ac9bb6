/** Replies to options, as effects. */
import { encodeUtf8 } from "../../base/utf8.ts";
import { optionReply } from "../../formats/nbd/nbd-constants.ts";
import { encodeOptionReply } from "../../formats/nbd/nbd-option-data.ts";
import type { NbdEffect } from "./types.ts";

const nothing = new Uint8Array(0);

export function optionAnswer(option: number, reply: number, data: Uint8Array = nothing): NbdEffect {
  return { kind: "send", parts: [encodeOptionReply(option, reply, data)] };
}

/** @param message a sentence for people. */
export function optionRefusal(
  option: number,
  message: string,
  reply: number = optionReply.invalid,
): NbdEffect {
  return optionAnswer(option, reply, encodeUtf8(message));
}
