/** A process of a lab host that does not end when it is killed: frozen, which only the machine's root can do. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { TestLab } from "../lab/test-lab.ts";

const freezer = "/sys/fs/cgroup/freezer";

/**
 * Undefined where the machine has no freezer.
 * @param file in which its id stands, on that host.
 */
export async function freezeProcess(
  lab: TestLab,
  host: string,
  file: string,
): Promise<{ thaw(): void } | undefined> {
  const namespace = (await lab.sh(host, "readlink /proc/self/ns/pid")).trim();
  const ownId = (await lab.sh(host, `cat ${file}`)).trim();
  const group = path.join(freezer, `holdfast-test-${process.pid}`);
  try {
    mkdirSync(group);
  } catch {
    return undefined;
  }
  const pid = readdirSync("/proc").find((id) => /^\d+$/.test(id) && isThat(id, namespace, ownId));
  if (pid === undefined) throw new Error(`process ${ownId} of ${host} is not found`);
  writeFileSync(path.join(group, "cgroup.procs"), pid);
  writeFileSync(path.join(group, "freezer.state"), "FROZEN");
  return {
    thaw: () => {
      writeFileSync(path.join(group, "freezer.state"), "THAWED");
      // Its last process is on its way out.
      for (let tries = 0; tries < 100 && !removed(group); tries++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
    },
  };
}

function isThat(id: string, namespace: string, ownId: string): boolean {
  try {
    if (readlinkSync(`/proc/${id}/ns/pid`) !== namespace) return false;
    const ids = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? "";
    return ids.split(/\s+/).at(-1) === ownId;
  } catch {
    // It has just ended.
    return false;
  }
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}
