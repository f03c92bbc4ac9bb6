import type { Instant } from "../../../base/time.ts";

/** What is known of the data socket's sending. */
export type SendProgress = {
  /** When something was first sent that no mark follows yet. */
  unmarkedAt: Instant | undefined;
  /** Since when a mark has been on its way, or when anything last left. */
  waitsAt: Instant | undefined;
  /** How many times `timeout` nothing has left. */
  expired: number;
};

export function newSendProgress(): SendProgress {
  return { unmarkedAt: undefined, waitsAt: undefined, expired: 0 };
}
