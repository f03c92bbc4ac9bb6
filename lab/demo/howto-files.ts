/**
 * The how-to's files, read from a directory and put on the hosts' disks byte for byte. What is not there is made only
 * where the how-to's text says how, and every such thing is said.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { type Diagnostic, printDiagnostic } from "../../src/formats/config-text/diagnostic.ts";
import { parseXlDomain } from "../../src/formats/xl-config/read-xl-domain.ts";

export type HowtoFile = {
  readonly name: string;
  /** Where the how-to puts it on a host. */
  readonly target: string;
  readonly text: string;
  readonly mode: number;
  /** On which hosts: the XML files are needed on one node only. */
  readonly on: "all" | "first";
  /** How it came to be, when it is not the directory's file as it is. */
  readonly made?: string;
};

export type HowtoFiles = {
  readonly files: readonly HowtoFile[];
  /** What only the demo can say about the files: the rest says who reads them on the hosts. */
  readonly remarks: readonly string[];
  /** The kernel and ramdisk that the guests' domain files name. */
  readonly kernels: readonly { readonly kernel: string; readonly ramdisk: string }[];
};

const places: readonly Omit<HowtoFile, "text">[] = [
  { name: "ha.cf", target: "/etc/heartbeat/ha.cf", mode: 0o644, on: "all" },
  { name: "authkeys", target: "/etc/heartbeat/authkeys", mode: 0o600, on: "all" },
  { name: "drbd.conf", target: "/etc/drbd.conf", mode: 0o644, on: "all" },
  { name: "host1.dom", target: "/etc/xen/host1.dom", mode: 0o644, on: "all" },
  { name: "host2.dom", target: "/etc/xen/host2.dom", mode: 0o644, on: "all" },
  { name: "bootstrap.xml", target: "/root/bootstrap.xml", mode: 0o644, on: "first" },
  { name: "host1.xml", target: "/root/host1.xml", mode: 0o644, on: "first" },
  { name: "host2.xml", target: "/root/host2.xml", mode: 0o644, on: "first" },
];

/** @throws UserError HF7015 when a file that cannot be made is missing, or a domain file cannot be read. */
export function loadHowtoFiles(dir: string): HowtoFiles {
  const files = places.map((place) => loadFile(dir, place));
  const made = files.flatMap(({ target, made: how }) =>
    how === undefined ? [] : [`${target}: ${how}`],
  );
  const domains = files.filter((file) => file.name.endsWith(".dom")).map(domainOf);
  const diagnostics = domains.flatMap((domain) => domain.notices);
  const wanted = diagnostics.filter((one) => one.severity !== "notice");
  return {
    files,
    remarks: [...made, ...wanted.map(printDiagnostic)],
    kernels: domains.map(({ kernel, ramdisk }) => ({ kernel, ramdisk })),
  };
}

function loadFile(dir: string, place: Omit<HowtoFile, "text">): HowtoFile {
  const file = path.join(dir, place.name);
  if (existsSync(file)) return { ...place, text: readFileSync(file, "utf8") };
  const made = substitute(dir, place.name);
  if (made !== undefined) return { ...place, ...made };
  throw new UserError("HF7015", `${file} is missing`, {
    remedy: `--files takes a directory with ${places.map((one) => one.name).join(", ")}.`,
  });
}

function substitute(
  dir: string,
  name: string,
): { readonly text: string; readonly made: string } | undefined {
  const example = path.join(dir, `${name}.example`);
  if (name === "authkeys" && existsSync(example)) {
    const key = randomBytes(32).toString("hex");
    return {
      text: readFileSync(example, "utf8").replace("REPLACE-THIS-WORD-BY-A-RANDOM-KEY", key),
      made: `made from ${example} with a random key`,
    };
  }
  const first = path.join(dir, "host1.xml");
  if (name === "host2.xml" && existsSync(first)) {
    return {
      text: readFileSync(first, "utf8").replaceAll("host1", "host2"),
      made: `warning: ${dir} has no host2.xml: made from ${first} by writing host2 for host1, as the how-to says`,
    };
  }
  return undefined;
}

function domainOf(file: HowtoFile): {
  readonly kernel: string;
  readonly ramdisk: string;
  readonly notices: readonly Diagnostic[];
} {
  const parsed = parseXlDomain(file.text, file.target);
  if (!parsed.ok) {
    throw new UserError("HF7015", parsed.error.map(printDiagnostic).join("\n"));
  }
  const { kernel, ramdisk } = parsed.value.value;
  if (kernel === undefined || ramdisk === undefined) {
    throw new UserError("HF7015", `${file.target} names no kernel and ramdisk`, {
      remedy: "The tiny guest boots from a kernel and an initial RAM disk in the host's /boot.",
    });
  }
  return { kernel, ramdisk, notices: parsed.value.notices };
}
