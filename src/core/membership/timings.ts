/** The times of ha.cf, with its defaults, as the machine takes them. */
import type { HaCfSettings } from "../../formats/ha-cf/ha-cf-settings.ts";
import type { MembershipTimings } from "./types.ts";

/** An announced restart of a daemon takes a few seconds; after this its node is lost like any other. */
export const restartHoldMsMax = 30_000;

export function membershipTimings(settings: HaCfSettings): MembershipTimings {
  return {
    keepaliveMs: settings.keepaliveMs.value,
    warntimeMs: settings.warntimeMs.value,
    deadtimeMs: settings.deadtimeMs.value,
    initdeadMs: settings.initdeadMs.value,
    restartHoldMsMax,
  };
}
