/**
 * The command line of one guest's QEMU (qemu-system(1)). Every device has its own fixed slot, so that source and
 * target of a migration build the same machine from the same guest.
 */
import { assert } from "../../base/assert.ts";
import type { VolumeExport } from "../../ports/volumes.ts";
import type { Guest, GuestDisk } from "../guest/guest.ts";
import { disksMax, translateCommandLine } from "./device-names.ts";
import type { RunPaths } from "./run-paths.ts";

export const nicsMax = 12;

/** How long I/O waits for a disk server that is being restarted, before the guest is paused by an I/O error. */
const reconnectDelaySeconds = 60;

const slots = { random: 0x1, panic: 0x2, firstDisk: 0x3, firstNic: 0x10 } as const;

export type QemuPlan = {
  readonly guest: Guest;
  readonly paths: RunPaths;
  /** The versioned machine type, for example pc-q35-7.2. */
  readonly machine: string;
  readonly accelerator: "kvm" | "tcg";
  /** The host's interface behind each of the guest's. */
  readonly taps: readonly string[];
  /** Where a DRBD resource's volume is reached. */
  readonly volume: (resource: string) => VolumeExport;
  /** Wait for a guest's memory instead of executing. */
  readonly arriving: boolean;
};

export function qemuArguments(plan: QemuPlan): readonly string[] {
  const { guest, paths } = plan;
  assert(guest.disks.length <= disksMax, "the disks fit the machine's slots");
  assert(guest.nics.length <= nicsMax, "the interfaces fit the machine's slots");
  assert(plan.taps.length === guest.nics.length, "each interface has its tap");
  return [
    ...["-name", `guest=${escapeOption(guest.name)}`],
    ...["-pidfile", paths.pid],
    ...["-machine", plan.machine],
    ...acceleratorArguments(plan.accelerator),
    ...["-m", `${guest.memoryMib}M`, "-smp", String(guest.vcpus)],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-daemonize"],
    // What QEMU never needs for a guest; its own -daemonize needs the other two kinds of system calls.
    ...["-sandbox", "on,obsolete=deny,resourcecontrol=deny"],
    // Only with -d does QEMU write its own messages to a file once it is a daemon.
    ...["-D", paths.qemuLog, "-d", "unimp"],
    ...consoleArguments(paths),
    ...socketArguments("qmp", paths.qmp),
    ...["-mon", "chardev=qmp,mode=control"],
    ...bootArguments(guest),
    ...actionArguments(guest),
    ...["-device", device({ driver: "virtio-rng-pci", id: "random", addr: slot(slots.random) })],
    ...["-device", device({ driver: "pvpanic-pci", id: "panic", addr: slot(slots.panic) })],
    ...guest.disks.flatMap((disk, i) => diskArguments(plan, disk, i)),
    ...guest.nics.flatMap(({ mac }, i) => nicArguments(plan.taps[i] as string, mac, i)),
    ...(plan.arriving ? ["-S", "-incoming", "defer"] : []),
  ];
}

/** How a guest's QEMU is found among all processes: no other program has this argument. */
export function qemuMarker(paths: RunPaths): string {
  return `-pidfile ${paths.pid} -machine `;
}

/** The id of a disk's device, by which QEMU names it in its answers. */
export function diskDeviceId(diskNumber: number): string {
  return `disk${diskNumber}`;
}

export function acceleratorArguments(accelerator: "kvm" | "tcg"): readonly string[] {
  // Under TCG the translated code would otherwise grow to a gigabyte a guest.
  if (accelerator === "tcg") return ["-accel", "tcg,tb-size=256", "-cpu", "max"];
  return ["-accel", "kvm", "-cpu", "host"];
}

function consoleArguments(paths: RunPaths): readonly string[] {
  const log = `logfile=${escapeOption(paths.consoleLog)},logappend=on`;
  const console = `socket,id=console,path=${escapeOption(paths.console)},server=on,wait=off`;
  return ["-chardev", `${console},${log}`, "-serial", "chardev:console"];
}

function socketArguments(id: string, path: string): readonly string[] {
  return ["-chardev", `socket,id=${id},path=${escapeOption(path)},server=on,wait=off`];
}

function bootArguments(guest: Guest): readonly string[] {
  if (guest.kernel === undefined) return [];
  const vdevs = guest.disks.map(({ vdev }) => vdev);
  return [
    ...["-kernel", guest.kernel],
    ...(guest.ramdisk === undefined ? [] : ["-initrd", guest.ramdisk]),
    ...["-append", translateCommandLine(guest.commandLine, vdevs)],
  ];
}

function actionArguments(guest: Guest): readonly string[] {
  const panic = guest.onCrash === "preserve" ? "pause" : "shutdown";
  const reboot = guest.onReboot === "restart" ? "reset" : "shutdown";
  return ["-action", `panic=${panic},reboot=${reboot}`];
}

function diskArguments(plan: QemuPlan, disk: GuestDisk, i: number): readonly string[] {
  const node = `volume${i}`;
  const common = { "node-name": node, "read-only": disk.readOnly, discard: "unmap" };
  return [
    ...["-blockdev", JSON.stringify({ ...common, ...blockSource(plan, disk) })],
    ...[
      "-device",
      device({
        driver: "virtio-blk-pci",
        id: diskDeviceId(i),
        drive: node,
        serial: disk.vdev,
        addr: slot(slots.firstDisk + i),
        // A disk that fails pauses its guest: no file system inside turns a lost disk into lost data.
        ...(disk.readOnly ? {} : { werror: "stop" }),
        rerror: "stop",
      }),
    ],
  ];
}

function blockSource(plan: QemuPlan, { source }: GuestDisk): Readonly<Record<string, unknown>> {
  switch (source.kind) {
    case "drbd": {
      const { socketPath, exportName } = plan.volume(source.resource);
      return {
        driver: "nbd",
        server: { type: "unix", path: socketPath },
        export: exportName,
        "reconnect-delay": reconnectDelaySeconds,
      };
    }
    case "device":
      return { driver: "host_device", filename: source.path };
    case "file":
      return source.format === "raw"
        ? { driver: "file", filename: source.path }
        : { driver: source.format, file: { driver: "file", filename: source.path } };
  }
}

function nicArguments(tap: string, mac: string, i: number): readonly string[] {
  return [
    ...["-netdev", `tap,id=net${i},ifname=${escapeOption(tap)},script=no,downscript=no`],
    ...[
      "-device",
      device({
        driver: "virtio-net-pci",
        id: `nic${i}`,
        netdev: `net${i}`,
        mac,
        addr: slot(slots.firstNic + i),
        // No boot from the network: its firmware would only cost memory.
        romfile: "",
      }),
    ],
  ];
}

function device(properties: Readonly<Record<string, string>>): string {
  return JSON.stringify(properties);
}

function slot(number: number): string {
  return `0x${number.toString(16)}`;
}

/** QEMU's option lists end a value at a comma, unless it is doubled. */
function escapeOption(value: string): string {
  return value.replaceAll(",", ",,");
}
