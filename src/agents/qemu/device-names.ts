/**
 * What a guest's own system calls its disks. Xen's guest sees a disk under the name that the domain file gives it;
 * QEMU's virtio disks are vda, vdb … in the order in which they are attached, which is the domain file's. So names in
 * the kernel's command line are translated. Each disk also tells its old name as its serial number, from which one
 * udev rule in the guest makes the old names (docs/design/guests.md, "Names of disks").
 */
import { assert } from "../../base/assert.ts";

/** As many as fit the machine's slots (qemu-arguments.ts). */
export const disksMax = 12;

/** vda for the first disk. */
export function virtioDiskName(diskNumber: number): string {
  assert(
    diskNumber >= 0 && diskNumber < disksMax,
    "a disk's number is within the machine's limits",
  );
  return `vd${String.fromCharCode("a".charCodeAt(0) + diskNumber)}`;
}

/**
 * The command line as the guest's kernel needs it here: `/dev/xvda` and `/dev/xvda1` become `/dev/vda` and
 * `/dev/vda1`; a vdev that names a partition (`sda1`, as Xen can attach one) becomes the whole disk that it is here.
 * Xen's console becomes the serial line, which is also the console where none is named.
 */
export function translateCommandLine(commandLine: string, vdevs: readonly string[]): string {
  const words = commandLine.split(/\s+/).filter((word) => word !== "");
  const translated = words.map((word) =>
    word
      .replace(/^console=(?:hvc0|xvc0)\b/, "console=ttyS0")
      .replace(/\/dev\/([a-z]+)(\d*)/g, (whole, disk: string, partition: string) =>
        translateDevice(whole, { disk, partition }, vdevs),
      ),
  );
  if (!translated.some((word) => word.startsWith("console="))) translated.push("console=ttyS0");
  return translated.join(" ");
}

function translateDevice(
  whole: string,
  name: { readonly disk: string; readonly partition: string },
  vdevs: readonly string[],
): string {
  const asPartition = vdevs.indexOf(name.disk + name.partition);
  if (asPartition >= 0) return `/dev/${virtioDiskName(asPartition)}`;
  const asDisk = vdevs.indexOf(name.disk);
  if (asDisk >= 0) return `/dev/${virtioDiskName(asDisk)}${name.partition}`;
  return whole;
}
