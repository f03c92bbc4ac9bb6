/** What timelines look for under names of their own: whether a lost node was fenced, and if not, why not. */
import type { Notice } from "../../core/node/effects.ts";
import type { NewNotice } from "./notice-ring.ts";

const notFenced: readonly string[] = ["HF6100", "HF6104", "HF6105", "HF6106", "HF6107"];

export function fencingMark({ code, message, fields }: Notice): NewNotice | undefined {
  const node = fields["node"] ?? fields["target"] ?? "";
  if (code === "HF6103") {
    return { level: "info", code: "fenced", message, fields: { node } };
  }
  if (!notFenced.includes(code)) return undefined;
  const reason =
    code === "HF6100" ? "fencing is off: silence counts as death" : message.replace(/\.$/, "");
  return { level: "info", code: "not-fenced", message, fields: { node, reason } };
}
