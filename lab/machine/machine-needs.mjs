/**
 * What a machine must have for a lab, beyond packages: rights and things of the kernel. Plain JavaScript, since the
 * set-up (tools/run.mjs) asks before anything is installed, on whatever Node.js the machine has.
 */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";

/** @returns what is missing, in the order in which to mend it; none on a machine that will do. */
export function machineLacks(machine = thisMachine()) {
  if (machine.platform !== "linux x64") {
    return [
      {
        what: `Linux on x86-64: this is ${machine.platform}`,
        remedy: "Use such a machine; a virtual one will do.",
      },
    ];
  }
  if (!machine.isRoot) {
    return [{ what: "root", remedy: "Run it as root, for example with sudo." }];
  }
  return needs
    .filter((need) => !need.isThere(machine))
    .map(({ what, remedy }) => ({ what, remedy }));
}

const needs = [
  {
    what: "/dev/net/tun, which guests' network cards need",
    remedy: "`modprobe tun`; in a container, give it the device (--device /dev/net/tun).",
    isThere: (machine) => machine.canOpen("/dev/net/tun"),
  },
  {
    what: "FUSE (/dev/fuse), by which replicated disks become block devices",
    remedy: "`modprobe fuse`; in a container, give it the device (--device /dev/fuse).",
    isThere: (machine) => machine.canOpen("/dev/fuse"),
  },
  {
    what: "loop devices (/dev/loop-control)",
    remedy: "`modprobe loop`; in a container, run it privileged.",
    isThere: (machine) => machine.canOpen("/dev/loop-control"),
  },
  {
    what: "the right to make network, mount, UTS, IPC and process namespaces",
    remedy: "In a container, run it privileged (CAP_SYS_ADMIN, no seccomp profile).",
    isThere: (machine) => machine.canMakeNamespaces(),
  },
  {
    what: "the ext3 file system, which the guests' disks have",
    remedy: "`modprobe ext4` (it serves ext3, too).",
    isThere: (machine) => machine.knowsFileSystem("ext3"),
  },
];

function thisMachine() {
  return {
    platform: `${process.platform} ${process.arch}`,
    isRoot: process.getuid?.() === 0,
    canOpen: (path) => {
      try {
        closeSync(openSync(path, "r+"));
        return true;
      } catch {
        return false;
      }
    },
    canMakeNamespaces: () =>
      spawnSync(
        "unshare",
        [
          "--net",
          "--mount",
          "--uts",
          "--ipc",
          "--pid",
          "--fork",
          "mount",
          "-t",
          "proc",
          "proc",
          "/proc",
        ],
        { stdio: "ignore" },
      ).status === 0,
    knowsFileSystem: (name) =>
      new RegExp(`\\b${name}$`, "m").test(readFileSync("/proc/filesystems", "utf8")) ||
      existsSync(`/sys/module/${name}`) ||
      spawnSync("modprobe", [name === "ext3" ? "ext4" : name], { stdio: "ignore" }).status === 0,
  };
}
