/**
 * A domain file's guest in the terms of no hypervisor. What a guest cannot do without here is an error; what it does
 * without is a notice.
 */
import { err, ok, type Result } from "../../base/result.ts";
import type { XlDisk, XlDomain, XlVif } from "../../formats/xl-config/xl-domain.ts";
import { type DiskFormat, diskFormats, type Guest, type GuestDisk } from "../guest/guest.ts";
import { macAddress } from "../guest/mac-address.ts";

export type Domain = {
  readonly guest: Guest;
  /** What the file says that has no effect here, one sentence each, without its full stop. */
  readonly notices: readonly string[];
};

/** @param name what the guest is called: the resource's parameter, the file's `name`, or the resource's id. */
export function domainGuest(domain: XlDomain, name: string): Result<Domain> {
  const disks: GuestDisk[] = [];
  const notices: string[] = [];
  for (const disk of domain.disks) {
    const read = guestDisk(disk);
    if (!read.ok) return err(`${domain.file}:${disk.place.line}: disk ${disk.text}: ${read.error}`);
    if (read.value === undefined) notices.push(`disk ${disk.text}: an empty drive is left out`);
    else disks.push(read.value);
  }
  const { kernel, ramdisk, memoryMib, vcpus, commandLine } = domain;
  const guest: Guest = {
    name,
    ...(kernel === undefined ? {} : { kernel }),
    ...(ramdisk === undefined ? {} : { ramdisk }),
    ...{ memoryMib, vcpus, commandLine, disks },
    nics: domain.vifs.map(({ mac, bridge }, i) => ({ mac: mac ?? macAddress(name, i), bridge })),
    onReboot: /restart|soft-reset/.test(domain.onReboot) ? "restart" : "destroy",
    onCrash: domain.onCrash === "preserve" ? "preserve" : "destroy",
    migratable: !domain.nomigrate,
  };
  notices.push(...bootNotices(domain), ...domain.vifs.flatMap(vifNotices));
  if (domain.onPoweroff !== "destroy")
    notices.push(`on_poweroff = "${domain.onPoweroff}": a guest that shuts down is gone`);
  return ok({ guest, notices });
}

/** Undefined for a drive without a disc. */
function guestDisk(disk: XlDisk): Result<GuestDisk | undefined> {
  const { source, vdev } = disk;
  const readOnly = disk.access === "ro";
  switch (source.kind) {
    case "drbd":
      return ok({ vdev, readOnly, source });
    case "device":
      if (disk.format !== "raw")
        return err(`${disk.format} on a device is not supported; use a file`);
      return ok({ vdev, readOnly, source });
    case "file": {
      const format = diskFormats.find((known): known is DiskFormat => known === disk.format);
      if (format === undefined)
        return err(`the format ${disk.format} is not supported; convert it with qemu-img to raw`);
      return ok({ vdev, readOnly, source: { ...source, format } });
    }
    case "script":
      return err(`Xen's block script ${source.script} is not run here; use drbd:, phy: or file:`);
    case "empty":
      return ok(undefined);
  }
}

function bootNotices(domain: XlDomain): readonly string[] {
  if (domain.kernel !== undefined) return [];
  const how = "the guest boots by the boot loader on its first disk";
  const words = domain.commandLine === "" ? "" : ", and root, extra and cmdline have no effect";
  return [`without a kernel ${how}${words}`];
}

function vifNotices(vif: XlVif): readonly string[] {
  const ignored = (["script", "ip", "model", "vifname", "rate", "mtu"] as const).filter(
    (key) => vif[key] !== undefined,
  );
  return ignored.map((key) => `vif ${vif.text}: ${key} has no effect here`);
}
