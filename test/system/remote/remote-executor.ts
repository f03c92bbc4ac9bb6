/** A lab host that is no cluster node but runs pacemaker_remoted, Debian's own: the counterpart of Holdfast's connections. */
import { existsSync } from "node:fs";
import path from "node:path";
import { repository } from "../../../lab/host/host-root.ts";
import { writeOnHost } from "../../../lab/lab.ts";
import { noLab, type TestLab } from "../lab/test-lab.ts";

const program = [
  path.join(repository, ".cache/pacemaker-remote/usr/sbin/pacemaker-remoted"),
  "/usr/sbin/pacemaker-remoted",
].find((each) => existsSync(each));

/** What `skip` of node:test takes. */
export const noRemoteExecutor: string | false =
  noLab || (program === undefined && "pacemaker_remoted is not here (Debian's pacemaker-remote)");

/** The same on all hosts; as long as pcs makes it. */
export function putRemoteKey(lab: TestLab, host: string): void {
  const text = "0123456789abcdef".repeat(16);
  writeOnHost(lab.name, host, { path: "/etc/pacemaker/authkey", text, mode: 0o600 });
}

/** Resolves when it accepts connections. */
export async function startRemoteExecutor(lab: TestLab, host: string): Promise<void> {
  putRemoteKey(lab, host);
  const directories = "/run/crm /run/resource-agents /var/log/pacemaker /var/lib/pacemaker/cores";
  await lab.sh(
    host,
    `mkdir -p ${directories}; setsid ${program} </dev/null >/dev/null 2>&1 & echo $! >/run/remoted.pid`,
  );
  await lab.sh(
    host,
    "until grep -q ' 00000000:0C31 \\| 00000000000000000000000000000000:0C31 ' /proc/net/tcp /proc/net/tcp6; do sleep 0.1; done",
  );
}
