/** A guest as those who run it see it: what its domain file says, in the terms of no particular hypervisor. */
import { err, ok, type Result } from "../../base/result.ts";
import { type JsonFields, jsonFields } from "./json-fields.ts";

export type Guest = {
  /** Also names files, sockets and interfaces: letters, digits and . _ + - only. */
  readonly name: string;
  /** Paths on the host; without a kernel the guest boots from its first disk. */
  readonly kernel?: string;
  readonly ramdisk?: string;
  readonly memoryMib: number;
  readonly vcpus: number;
  /** The kernel's command line in the domain file's own words, devices named as there. */
  readonly commandLine: string;
  readonly disks: readonly GuestDisk[];
  readonly nics: readonly GuestNic[];
  /** What happens when the guest restarts itself. */
  readonly onReboot: "restart" | "destroy";
  /** What happens when its kernel panics. */
  readonly onCrash: "destroy" | "preserve";
  /** False when the domain file forbids to move it while it runs. */
  readonly migratable: boolean;
};

export type GuestDisk = {
  /** What the domain file calls it: xvda, sda1, hda … */
  readonly vdev: string;
  readonly readOnly: boolean;
  readonly source: DiskSource;
};

export type DiskSource =
  | { readonly kind: "drbd"; readonly resource: string }
  | { readonly kind: "device"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly format: DiskFormat };

export const diskFormats = ["raw", "qcow2"] as const;
export type DiskFormat = (typeof diskFormats)[number];

export type GuestNic = { readonly mac: string; readonly bridge: string };

/** The DRBD resources of a guest, in the order of its disks, each once. */
export function drbdResourcesOf(guest: Guest): readonly string[] {
  const names = guest.disks.flatMap(({ source }) =>
    source.kind === "drbd" ? [source.resource] : [],
  );
  return [...new Set(names)];
}

const guestNamePattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$/;

export function isGuestName(name: string): boolean {
  return guestNamePattern.test(name);
}

/** A guest that was written as JSON: by an earlier run of this node, or by its peer. */
export function parseGuest(json: unknown): Result<Guest> {
  const fields = jsonFields(json, "guest");
  const guest: Guest = {
    name: fields.text("name"),
    ...(fields.has("kernel") ? { kernel: fields.text("kernel") } : {}),
    ...(fields.has("ramdisk") ? { ramdisk: fields.text("ramdisk") } : {}),
    memoryMib: fields.count("memoryMib"),
    vcpus: fields.count("vcpus"),
    commandLine: fields.text("commandLine"),
    disks: fields.list("disks", readDisk),
    nics: fields.list("nics", (nic) => ({ mac: nic.text("mac"), bridge: nic.text("bridge") })),
    onReboot: fields.oneOf("onReboot", ["restart", "destroy"]),
    onCrash: fields.oneOf("onCrash", ["destroy", "preserve"]),
    migratable: fields.flag("migratable"),
  };
  const problem =
    fields.problem() ?? (isGuestName(guest.name) ? undefined : "guest.name is not a guest's name");
  return problem === undefined ? ok(guest) : err(problem);
}

function readDisk(disk: JsonFields): GuestDisk {
  return {
    vdev: disk.text("vdev"),
    readOnly: disk.flag("readOnly"),
    source: readSource(disk.object("source")),
  };
}

function readSource(source: JsonFields): DiskSource {
  const kind = source.oneOf("kind", ["drbd", "device", "file"]);
  if (kind === "drbd") return { kind, resource: source.text("resource") };
  const path = source.text("path");
  return kind === "device"
    ? { kind, path }
    : { kind, path, format: source.oneOf("format", diskFormats) };
}
