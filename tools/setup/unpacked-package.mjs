/** Packages whose files are wanted and that are not to be installed: downloaded, and unpacked into .cache. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Pacemaker's executor for remote nodes, which the tests run on a lab host. Installed it would serve the whole network, and
 * it does not go with a cluster node's packages.
 */
export const remoteExecutor = {
  name: "pacemaker-remote",
  program: "usr/sbin/pacemaker-remoted",
};

export function remoteExecutorIsThere(cache) {
  return existsSync(path.join(cache, remoteExecutor.name, remoteExecutor.program));
}

/** @param target a directory in `cache`, which is replaced. */
export function unpackPackage(name, target, cache, apt) {
  const work = path.join(cache, `${name}.${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    apt.download(name, work);
    const archive = readdirSync(work).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get download ${name} left no package`);
    apt.unpack(path.join(work, archive), path.join(work, "tree"));
    mkdirSync(path.dirname(target), { recursive: true });
    rmSync(target, { recursive: true, force: true });
    // Whole or not at all: who looks for it never sees half of it.
    renameSync(path.join(work, "tree"), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
