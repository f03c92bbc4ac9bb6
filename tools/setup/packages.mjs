/**
 * The Debian packages that Holdfast's commands need, what each is for, and how those that are missing are
 * installed. Plain JavaScript: it runs on whatever Node.js the machine has, before anything is installed.
 */
import { spawnSync } from "node:child_process";

/** Names are those of Debian 12 and 13. Where they differ, the first that the archive has is taken. */
export const packages = [
  need(["busybox-static"], "the guests' programs, the lab hosts' init", ["demo", "test"]),
  need(["e2fsprogs"], "file systems of the guests' disks", ["demo", "test"]),
  need(["iproute2"], "the lab's networks", ["demo", "test"]),
  need(["nftables"], "cuts in the lab's networks", ["demo", "test"]),
  need(["libnbd-bin"], "replicated disks as block devices (nbdfuse), copies of them", [
    "demo",
    "test",
    "bench",
  ]),
  need(["qemu-system-x86"], "the guests", ["demo", "test", "bench"]),
  need(["qemu-utils"], "disk clients that the tests and the benchmarks compare with", [
    "test",
    "bench",
  ]),
  need(["drbd-utils"], "DRBD's own tools, which the tests compare with", ["test"]),
  need(["pacemaker-cli-utils"], "Pacemaker's own tools, which the tests compare with", ["test"]),
  need(["resource-agents", "resource-agents-base"], "OCF resource agents that the tests run", [
    "test",
  ]),
  need(["fence-agents"], "a fence agent of Debian's that the tests run", ["test"]),
  need(["xz-utils"], "unpacks the modules of newer guest kernels", ["demo", "test", "bench"]),
  need(["openssl"], "the certificates of a cluster", ["test"]),
  need(["cpio"], "the program that the tests unpack an initramfs with", ["test"]),
  need(["fio"], "load on replicated disks", ["test", "bench"]),
];

function need(names, purpose, commands) {
  return { names, purpose, commands };
}

/** @returns those of the table that `command` needs and that are not installed. */
export function missingPackages(command, apt) {
  const needed = packages.filter((one) => one.commands.includes(command));
  const installed = apt.installed(needed.flatMap((one) => one.names));
  return needed.filter((one) => !one.names.some((name) => installed.has(name)));
}

/**
 * Finds what to install for each missing package; the lists of packages are fetched only when they know too little.
 * @returns `{ install }`, names with purposes, or `{ unavailable }`, what cannot be had.
 */
export function chooseNames(missing, apt) {
  let choice = choose(missing, apt);
  if (choice.unavailable.length > 0) {
    apt.update();
    choice = choose(missing, apt);
  }
  return choice;
}

function choose(missing, apt) {
  const install = [];
  const unavailable = [];
  for (const one of missing) {
    const name = one.names.find((candidate) => apt.isAvailable(candidate));
    if (name === undefined)
      unavailable.push({ name: one.names.join(" or "), purpose: one.purpose });
    else install.push({ name, purpose: one.purpose });
  }
  return { install, unavailable };
}

/** The machine's apt and dpkg. Commands that change something throw an Error with apt's own last words. */
export const debianApt = {
  isThere: () => run("apt-get", ["--version"]).status === 0,
  installed: (names) => {
    const format = "$" + "{Package} $" + "{db:Status-Status}\\n";
    const { stdout } = run("dpkg-query", ["-W", "-f", format, ...names]);
    const rows = stdout.split("\n").map((line) => line.split(" "));
    return new Set(rows.filter(([, status]) => status === "installed").map(([name]) => name));
  },
  isAvailable: (name) => {
    const { stdout } = run("apt-cache", ["policy", name]);
    return /^ {2}Candidate: (?!\(none\))\S/m.test(stdout);
  },
  update: () => must("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", "update"]),
  install: (names) =>
    must("apt-get", [
      ...["-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"],
      ...["install", "--no-install-recommends", ...names],
    ]),
  /** The packages that a package depends on directly. */
  dependsOf: (name) => {
    const { stdout } = run("apt-cache", ["depends", name]);
    return [...stdout.matchAll(/^ *\|?Depends: (\S+)$/gm)].map((match) => match[1]);
  },
  download: (name, dir) => must("apt-get", ["-q", "download", name], { cwd: dir }),
  unpack: (file, dir) => must("dpkg-deb", ["-x", file, dir]),
};

function run(command, args, options = {}) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  const outcome = spawnSync(command, args, { encoding: "utf8", env, ...options });
  return { status: outcome.status, stdout: outcome.stdout ?? "", stderr: outcome.stderr ?? "" };
}

function must(command, args, options = {}) {
  const { status, stdout, stderr } = run(command, args, options);
  if (status === 0) return;
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(-5).join("\n  ");
  throw new Error(`${command} ${args.join(" ")} failed (${status}):\n  ${words}`);
}
