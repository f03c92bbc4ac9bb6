/**
 * XlConfig -> XlDomain: values that matter and make no sense are errors; keys without effect are kept and named.
 * Defaults are xl's, but for memory, which xl has none of: there xm's 128 MiB hold.
 */
import { closestWord } from "../config-text/closest-word.ts";
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import { newReport, type Report } from "../config-text/report.ts";
import { parseXlConfig } from "./parse-xl-config.ts";
import { readXlDisk } from "./read-xl-disk.ts";
import { readXlVif } from "./read-xl-vif.ts";
import type { XlConfig, XlValue } from "./xl-config.ts";
import {
  type XlDisk,
  type XlDomain,
  type XlDomainType,
  type XlVif,
  xlActions,
  xlDomainTypes,
} from "./xl-domain.ts";
import { commandLineKeys, deviceKeys, usedKeys, xenKeys } from "./xl-keys.ts";
import { mergeAssignments, type XlReader, type XlValues, xlReader } from "./xl-values.ts";

const presetMemoryMib = 128;
const memoryRange = { min: 1, max: 64 * 1024 * 1024 };
const vcpuRange = { min: 1, max: 4096 };

/** Text -> XlDomain, with the remarks of both steps. */
export function parseXlDomain(text: string, file: string): Parsed<XlDomain> {
  const config = parseXlConfig(text, file);
  return config.ok ? readXlDomain(config.value.value) : config;
}

export function readXlDomain(config: XlConfig): Parsed<XlDomain> {
  const report = newReport();
  const values = mergeAssignments(config, report);
  const reader = xlReader(values, report);
  const start = { file: config.file, line: 1, column: 1 };
  const name = reader.text("name");
  if (name !== undefined && !/^[^\s/\p{Cc}]{1,80}$/u.test(name)) {
    report.error("HF1102", {
      place: values.get("name")?.value.place ?? start,
      message: `\`name = ${JSON.stringify(name)}\`: expected one word without a slash`,
      remedy: "Use letters, digits, dashes and dots.",
    });
  }
  if (!values.has("name")) {
    const message = "the guest has no `name`: the resource's or the file's name is taken";
    report.warning("HF1108", { place: start, message, remedy: 'Add: name = "guest"' });
  }
  const memoryMib = reader.count("memory", "a number of MiB", memoryRange);
  if (!values.has("memory")) {
    const message = `the guest has no \`memory\`: it gets ${presetMemoryMib} MiB`;
    report.warning("HF1108", { place: start, message, remedy: "Add: memory = 1024" });
  }
  const memory = memoryMib ?? presetMemoryMib;
  const vcpus = reader.count("vcpus", "a number", vcpuRange) ?? 1;
  const domain: XlDomain = {
    file: config.file,
    name,
    uuid: reader.text("uuid"),
    type: readType(values, reader),
    kernel: reader.text("kernel"),
    ramdisk: reader.text("ramdisk"),
    ...readCommandLine(values, reader, report),
    bootloader: reader.text("bootloader"),
    boot: reader.text("boot"),
    memoryMib: memory,
    maxmemMib: reader.count("maxmem", "a number of MiB", { ...memoryRange, min: memory }) ?? memory,
    vcpus,
    maxvcpus: reader.count("maxvcpus", "a number", { ...vcpuRange, min: vcpus }) ?? vcpus,
    disks: readDisks(reader, report),
    vifs: readVifs(reader, report),
    onPoweroff: reader.word("on_poweroff", xlActions) ?? "destroy",
    onReboot: reader.word("on_reboot", xlActions) ?? "restart",
    onCrash: reader.word("on_crash", xlActions) ?? "destroy",
    nomigrate: reader.flag("nomigrate") ?? false,
    others: noticeOthers(values, report),
  };
  checkBootable(domain, values, report);
  return parsed(domain, report.diagnostics);
}

function readType(values: XlValues, reader: XlReader): XlDomainType {
  const type = reader.word("type", xlDomainTypes);
  const builder = values.has("builder")
    ? reader.word("builder", ["linux", "generic", "hvm"] as const)
    : undefined;
  return type ?? (builder === "hvm" ? "hvm" : "pv");
}

function readCommandLine(
  values: XlValues,
  reader: XlReader,
  report: Report,
): Pick<XlDomain, "commandLine" | "root" | "extra"> {
  const cmdline = reader.text("cmdline");
  const root = reader.text("root");
  const extra = reader.text("extra");
  if (cmdline === undefined) {
    const words = [root === undefined ? "" : `root=${root}`, extra ?? ""];
    return { commandLine: words.filter((word) => word !== "").join(" "), root, extra };
  }
  for (const key of ["root", "extra"]) {
    const assignment = values.get(key);
    if (assignment === undefined) continue;
    report.warning("HF1106", {
      place: assignment.place,
      message: `\`${key}\` has no effect beside \`cmdline\``,
      remedy: "Put it into cmdline.",
    });
  }
  return { commandLine: cmdline, root, extra };
}

function readDisks(reader: XlReader, report: Report): readonly XlDisk[] {
  const disks: XlDisk[] = [];
  for (const { text, place } of reader.specifications("disk")) {
    const disk = readXlDisk(
      text,
      place,
      (message, remedy) => {
        report.error("HF1103", { place, message: `disk \`${text}\`: ${message}`, remedy });
        return undefined;
      },
      (message, remedy) => report.notice("HF1106", { place, message, remedy }),
    );
    if (disk === undefined) continue;
    if (disks.some((earlier) => earlier.vdev === disk.vdev)) {
      const message = `disk \`${text}\`: there is a disk ${disk.vdev} already`;
      report.error("HF1103", { place, message, remedy: "Give each disk a vdev of its own." });
    }
    disks.push(disk);
  }
  return disks;
}

function readVifs(reader: XlReader, report: Report): readonly XlVif[] {
  const vifs: XlVif[] = [];
  for (const { text, place } of reader.specifications("vif")) {
    const vif = readXlVif(
      text,
      place,
      (message, remedy) => {
        report.error("HF1104", { place, message: `vif \`${text}\`: ${message}`, remedy });
        return undefined;
      },
      (message, remedy) => report.notice("HF1106", { place, message, remedy }),
    );
    if (vif === undefined) continue;
    if (vif.mac !== undefined && vifs.some((earlier) => earlier.mac === vif.mac)) {
      const message = `vif \`${text}\`: there is an interface with this mac already`;
      report.error("HF1104", { place, message, remedy: "Give each interface a mac of its own." });
    }
    vifs.push(vif);
  }
  return vifs;
}

/** Names every key that nothing is done with, and keeps its value. */
function noticeOthers(values: XlValues, report: Report): ReadonlyMap<string, XlValue> {
  const others = new Map<string, XlValue>();
  for (const [key, { value, place }] of values) {
    if (usedKeys.has(key)) continue;
    others.set(key, value);
    const message = `\`${key}\` is accepted and has no effect here`;
    if (deviceKeys.has(key)) {
      const remedy = "The guest runs without that device.";
      report.warning("HF1106", { place, message, remedy });
    } else if (commandLineKeys.has(key)) {
      const remedy = "xm put it on the kernel's command line: write it into `extra`.";
      report.warning("HF1106", { place, message, remedy });
    } else if (xenKeys.has(key)) {
      report.notice("HF1106", { place, message, remedy: "It is for Xen itself." });
    } else {
      const close = closestWord(key, [...usedKeys]);
      const remedy = close === undefined ? "Remove it." : `If \`${close}\` is meant, write that.`;
      const unknown = `\`${key}\` is no key that xm or xl know, and has no effect`;
      report.warning("HF1105", { place, message: unknown, remedy });
    }
  }
  return others;
}

function checkBootable(domain: XlDomain, values: XlValues, report: Report): void {
  if (domain.kernel !== undefined || domain.type === "hvm" || domain.bootloader !== undefined)
    return;
  if (values.has("firmware")) return;
  report.warning("HF1108", {
    place: { file: domain.file, line: 1, column: 1 },
    message: "the guest has neither `kernel` nor `bootloader`: there is nothing to boot",
    remedy: 'Add: kernel = "/boot/vmlinuz"',
  });
}
