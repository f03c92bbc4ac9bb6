/** Whether node_modules holds what the lock file names, and how it is made to. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Compares contents, not times: a checkout gives files the time of the checkout. */
export function npmPackagesAreThere(root) {
  if (!existsSync(path.join(root, "node_modules", ".bin", "node"))) return false;
  const wanted = packagesIn(path.join(root, "package-lock.json"));
  const installed = packagesIn(path.join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(
    ([place, one]) => place === "" || one.optional || installed[place]?.version === one.version,
  );
}

/** @throws Error with npm's own first words: it says what is wrong before it explains itself. */
export function installNpmPackages(root) {
  const run = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, encoding: "utf8" });
  if (run.status === 0) return;
  const lines = `${run.error ?? ""}${run.stderr ?? ""}`.split("\n");
  const words = lines.filter((line) => /\w/.test(line.replace(/^npm \w+/, ""))).slice(0, 10);
  throw new Error(`npm ci failed (${run.status}):\n  ${words.join("\n  ")}`);
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
