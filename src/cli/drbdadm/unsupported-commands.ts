/** Commands of drbdadm's that are known and not supported, and why. */
const reasons: Readonly<Record<string, string>> = {
  "verify-stop":
    "drbdadm disconnect ends a verify, and drbdadm connect and verify go on where it was ended",
  "sh-lr-of": "sh-lower-resource only available in stacked mode",
  "proxy-up": "drbd-proxy is not supported",
  "proxy-down": "drbd-proxy is not supported",
};

/** A sentence for a known command; empty for an unknown one. */
export function unsupportedReason(name: string): string {
  const reason = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
  return reason === undefined ? "" : `${name}: ${reason}`;
}
