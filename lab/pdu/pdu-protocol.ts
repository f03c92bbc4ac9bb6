/**
 * The language of the lab's power switch: one request a line, one reply a line, over TCP. Requests are "list",
 * "status OUTLET", "on OUTLET", "off OUTLET", "reboot OUTLET"; an outlet is named after its host. Replies are "on" or
 * "off" (what the outlet is, read back after the order), the outlets' names for "list", or "error SENTENCE".
 */
import { err, ok, type Result } from "../../src/base/result.ts";

export type PduRequest =
  | { readonly verb: "list" }
  | { readonly verb: "status" | "on" | "off" | "reboot"; readonly outlet: string };

/** A longer line than this ends the connection. */
export const pduLineBytesMax = 200;

export function parsePduRequest(line: string): Result<PduRequest> {
  const [verb = "", outlet, ...rest] = line.trim().split(/\s+/);
  if (rest.length > 0) return err("too many words");
  if (verb === "list") return outlet === undefined ? ok({ verb }) : err("list takes no outlet");
  if (verb !== "status" && verb !== "on" && verb !== "off" && verb !== "reboot") {
    return err(`unknown request "${verb}": known are list, status, on, off, reboot`);
  }
  return outlet === undefined ? err(`${verb} of which outlet?`) : ok({ verb, outlet });
}
