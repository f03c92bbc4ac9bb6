/** Commands of drbdadm's that are known and not supported, and why. */
const reasons: Readonly<Record<string, string>> = {
  verify:
    "online verify is not supported: drbdadm invalidate on the node in doubt copies everything",
  "verify-stop": "online verify is not supported",
  resize: "resizing while in use is not supported: take the resource down on both nodes first",
  "check-resize": "resizing is not supported",
  "disk-options": "change drbd.conf on both nodes, then: drbdadm adjust RES",
  "net-options": "change drbd.conf on both nodes, then: drbdadm adjust RES",
  "resource-options": "change drbd.conf on both nodes, then: drbdadm adjust RES",
  "set-gi":
    "generation identifiers are not set by hand here: drbdmeta of drbd-utils can do it offline",
  "dump-xml": "the configuration is not printed as XML: drbdadm dump prints it as text",
  "new-resource": "drbdadm up RES does this and the rest",
  "new-minor": "drbdadm up RES does this and the rest",
  "hidden-commands": "there are no hidden commands: drbdadm --help lists all",
  "sh-status": "drbdsetup status --json tells the same, for programs",
  "sh-lr-of": "stacked resources are not supported",
  "sh-b-pri": "whoever starts the guests promotes their resources: become-primary-on is not obeyed",
  "proxy-up": "drbd-proxy is not supported",
  "proxy-down": "drbd-proxy is not supported",
};

/** A sentence for a known command; empty for an unknown one. */
export function unsupportedReason(name: string): string {
  const reason = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
  return reason === undefined ? "" : `${name}: ${reason}`;
}
