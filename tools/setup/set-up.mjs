/**
 * Makes a machine ready for one of Holdfast's commands: looks at everything first, refuses before touching anything
 * when something cannot be had, then installs only what is missing, with one line for each thing. What is there
 * already costs a look and prints nothing.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { machineLacks } from "../../lab/machine/machine-needs.mjs";
import { fetchGuestKernel, guestKernels, kernelPackage } from "./guest-kernel.mjs";
import { installNpmPackages, npmPackagesAreThere } from "./npm-packages.mjs";
import { chooseNames, debianApt, missingPackages } from "./packages.mjs";
import { withLock } from "./set-up-lock.mjs";
import { remoteExecutor, remoteExecutorIsThere, unpackPackage } from "./unpacked-package.mjs";

/** What cannot be had, and what to do: sentences for people. */
export class CannotSetUp extends Error {}

/** Which commands need real hosts and guests; the others need npm's packages only, and no root. */
const withLab = ["demo", "test"];

/** @param world what is asked and told, for tests: the machine, apt, and where lines go. */
export function setUp(command, root, world = { machineLacks, apt: debianApt, say }) {
  const cache = path.join(root, ".cache");
  if (withLab.includes(command)) assertMachine(world);
  const lacking = lacks(command, root, cache, world);
  if (lacking.length === 0) return;
  planFor(lacking, world);
  mkdirSync(cache, { recursive: true });
  withLock(path.join(cache, "set-up.lock"), () => {
    // Another command may have installed it while we waited.
    const missing = lacks(command, root, cache, world);
    const plan = planFor(missing, world);
    if (missing.includes("npm")) {
      world.say("installs the npm packages of package-lock.json, Node.js 24 among them");
      installNpmPackages(root);
    }
    for (const { name, purpose } of plan.install) world.say(`installs ${name}: ${purpose}`);
    if (plan.install.length > 0) world.apt.install(plan.install.map((one) => one.name));
    if (plan.kernel !== undefined) {
      world.say(`unpacks ${plan.kernel} into .cache: the guests' kernel`);
      fetchGuestKernel(plan.kernel, cache, world.apt);
    }
    if (plan.wantsRemote) {
      const { name } = remoteExecutor;
      world.say(`unpacks ${name} into .cache: what the tests connect to as a remote node`);
      unpackPackage(name, path.join(cache, name), cache, world.apt);
    }
  });
}

function assertMachine(world) {
  const missing = world.machineLacks();
  if (missing.length === 0) return;
  const lines = missing.map(({ what, remedy }) => `this machine lacks ${what}\n  ${remedy}`);
  throw new CannotSetUp(lines.join("\n"));
}

/** @returns "npm", "kernel", "remote", and rows of the package table, for whatever is not there. */
function lacks(command, root, cache, world) {
  const missing = npmPackagesAreThere(root) ? [] : ["npm"];
  if (withLab.includes(command) || command === "bench") {
    missing.push(...missingPackages(command, world.apt));
  }
  if (withLab.includes(command) && guestKernels(cache).length === 0) missing.push("kernel");
  if (command === "test" && !remoteExecutorIsThere(cache)) missing.push("remote");
  return missing;
}

/** Decides all that apt is to do, and refuses when anything cannot be had. */
function planFor(missing, world) {
  const rows = missing.filter((one) => typeof one === "object");
  const wantsKernel = missing.includes("kernel");
  // Without it one test is skipped: no reason to refuse all of them.
  const wantsRemote = missing.includes("remote") && world.apt.isAvailable(remoteExecutor.name);
  if (rows.length === 0 && !wantsKernel) return { install: [], kernel: undefined, wantsRemote };
  if (!world.apt.isThere()) {
    const names = [...rows.map((row) => row.names[0]), ...(wantsKernel ? ["a guest kernel"] : [])];
    throw new CannotSetUp(
      `these are missing, and there is no apt-get to install them with: ${names.join(", ")}\n` +
        "  Use Debian 12 or 13.",
    );
  }
  const { install, unavailable } = chooseNames(rows, world.apt);
  const kernel = wantsKernel ? kernelPackage(world.apt) : undefined;
  if (wantsKernel && kernel === undefined) {
    unavailable.push({ name: "linux-image-cloud-amd64", purpose: "the guests' kernel" });
  }
  if (unavailable.length > 0) {
    const lines = unavailable.map(({ name, purpose }) => `no package ${name} (${purpose})`);
    throw new CannotSetUp(
      `the package archive has ${lines.join("; ")}\n  See /etc/apt/sources.list and the network, then try again.`,
    );
  }
  return { install, kernel, wantsRemote };
}

function say(line) {
  process.stderr.write(`holdfast: ${line}\n`);
}
