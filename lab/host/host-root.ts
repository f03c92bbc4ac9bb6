/**
 * The directory that is a lab host's disk: its own /etc, /boot, /var, /root … as they survive a power cut. Programs,
 * devices, /run and /tmp are mounted over it at each boot (boot-host.sh).
 */
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustRun } from "../machine/command.ts";
import { hostAddress, lan } from "../plan/lab-names.ts";
import type { LabHost } from "../plan/lab-state.ts";

export const repository: string = path.resolve(import.meta.dirname, "../..");

export function hostDirectory(labDir: string, host: string): string {
  return path.join(labDir, "hosts", host);
}

/** What the host sees as /dev/xenhostfs. */
export function volumesDirectory(labDir: string, host: string): string {
  return path.join(hostDirectory(labDir, host), "volumes");
}

export function hostRoot(labDir: string, host: string): string {
  return path.join(hostDirectory(labDir, host), "root");
}

/** Files that a fresh server would not have: a lab host begins without a cluster configuration. */
const clusterFiles = [
  "corosync",
  "drbd.conf",
  "drbd.d",
  "ha.d",
  "heartbeat",
  "holdfast",
  "pacemaker",
  "xen",
];

export async function makeHostRoot(
  labDir: string,
  host: LabHost,
  all: readonly LabHost[],
): Promise<void> {
  const root = hostRoot(labDir, host.name);
  for (const dir of [...mountPoints, ...ownDirectories])
    mkdirSync(path.join(root, dir), { recursive: true });
  mkdirSync(volumesDirectory(labDir, host.name));
  await mustRun(["cp", "-a", "/etc/.", path.join(root, "etc")]);
  for (const name of clusterFiles)
    rmSync(path.join(root, "etc", name), { recursive: true, force: true });
  symlinkSync("../run", path.join(root, "var/run"));
  symlinkSync("../run/lock", path.join(root, "var/lock"));
  chmodSync(path.join(root, "var/tmp"), 0o1777);
  chmodSync(path.join(root, "root"), 0o700);
  writeIdentity(root, host, all);
  writeBoot(root);
}

/** The environment of everything that runs on a host: Holdfast's commands come before the machine's. */
export const hostEnvironment: Readonly<Record<string, string>> = {
  PATH: `${repository}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
};

/** Is there when rc.boot has ended. */
export const bootOver = "/run/holdfast-lab-booted";

const mountPoints = ["usr", "proc", "sys", "dev", "run", "tmp"];
const ownDirectories = [
  "boot",
  "etc",
  "home",
  "media",
  "mnt",
  "root",
  "srv",
  "var/cache",
  "var/lib/drbd",
  "var/lib/holdfast",
  "var/log/holdfast",
  "var/spool",
  "var/tmp",
];

function writeIdentity(root: string, host: LabHost, all: readonly LabHost[]): void {
  const etc = path.join(root, "etc");
  const names = all.map((other) => `${hostAddress(other.number)}\t${other.name}`);
  const hosts = ["127.0.0.1\tlocalhost", ...names, `${lan.clientAddress}\tclient`];
  rmSync(path.join(etc, "hosts"), { force: true });
  writeFileSync(path.join(etc, "hosts"), `${hosts.join("\n")}\n`);
  rmSync(path.join(etc, "hostname"), { force: true });
  writeFileSync(path.join(etc, "hostname"), `${host.name}\n`);
  const bashrc = `PS1='\\[\\e[1m\\]${host.name}\\[\\e[0m\\]:\\w# '\n`;
  writeFileSync(path.join(root, "root/.bashrc"), bashrc);
}

function writeBoot(root: string): void {
  const etc = path.join(root, "etc");
  const exports = Object.entries(hostEnvironment).map(
    ([name, value]) => `export ${name}='${value}'`,
  );
  mkdirSync(path.join(etc, "profile.d"), { recursive: true });
  writeFileSync(path.join(etc, "profile.d/holdfast-lab.sh"), `${exports.join("\n")}\n`);
  writeFileSync(
    path.join(etc, "inittab"),
    `::once:sh -c '/etc/holdfast/rc.boot; touch ${bootOver}'\n`,
  );
  mkdirSync(path.join(etc, "holdfast/fence-agents"), { recursive: true });
  copyFileSync(path.join(import.meta.dirname, "rc.boot"), path.join(etc, "holdfast/rc.boot"));
  chmodSync(path.join(etc, "holdfast/rc.boot"), 0o755);
  const agent = path.join(repository, "lab/pdu/fence_lab");
  symlinkSync(agent, path.join(etc, "holdfast/fence-agents/fence_lab"));
}
