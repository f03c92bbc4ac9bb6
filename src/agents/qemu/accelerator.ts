/**
 * KVM where it works, else TCG. A device that opens, and even runs a virtual processor, may still fail to run a stock
 * kernel (nested machines do), so KVM is tried by booting: a kernel without a disk starts, finds no root, panics, and
 * restarts, at which QEMU ends. The verdict holds for one host kernel, one QEMU and one guest kernel, and is kept.
 */
import type { Files } from "../../ports/files.ts";
import type { Processes } from "../../ports/processes.ts";
import { jsonFields, parseJson } from "../guest/json-fields.ts";
import { acceleratorArguments } from "./qemu-arguments.ts";
import { qemuProgram } from "./qemu-version.ts";

/** Where KVM works this takes between one and two seconds. */
const bootLimitMs = 8000;

export type AcceleratorVerdict = {
  readonly accelerator: "kvm" | "tcg";
  /** Why, as a sentence without its full stop. */
  readonly why: string;
};

export type Accelerators = {
  /** @param kernel that of the guest; the host's own when the guest has none. */
  choose(qemuVersion: string, kernel: string | undefined): Promise<AcceleratorVerdict>;
};

export type AcceleratorPorts = { readonly files: Files; readonly processes: Processes };

/** @param keptIn for example /var/lib/holdfast/accelerator.json; without that file KVM is tried again. */
export function accelerators(ports: AcceleratorPorts, keptIn: string): Accelerators {
  const known = new Map<string, Promise<AcceleratorVerdict>>();
  return {
    choose: async (qemuVersion, kernel) => {
      if (!(await ports.files.list("/dev")).includes("kvm"))
        return { accelerator: "tcg", why: "there is no /dev/kvm" };
      const release = ((await ports.files.read("/proc/sys/kernel/osrelease")) ?? "").trim();
      const booted = kernel ?? `/boot/vmlinuz-${release}`;
      const key = `Linux ${release}, QEMU ${qemuVersion}, ${booted}`;
      const found = known.get(key) ?? keptOrTried(ports, keptIn, { key, kernel: booted });
      known.set(key, found);
      return await found;
    },
  };
}

type Trial = { readonly key: string; readonly kernel: string };

async function keptOrTried(
  ports: AcceleratorPorts,
  keptIn: string,
  trial: Trial,
): Promise<AcceleratorVerdict> {
  const kept = await readVerdict(ports.files, keptIn, trial.key);
  if (kept !== undefined) return kept;
  const { kernel } = trial;
  const verdict = await tryAccelerator(
    ports.processes,
    { accelerator: "kvm", kernel },
    bootLimitMs,
  );
  // Read again: another guest's kernel may have been tried meanwhile.
  const others = parseJson((await ports.files.read(keptIn)) ?? "{}");
  const all = { ...(typeof others === "object" ? others : {}), [trial.key]: verdict };
  await ports.files.write(keptIn, `${JSON.stringify(all, undefined, 1)}\n`);
  return verdict;
}

async function readVerdict(
  files: Files,
  path: string,
  key: string,
): Promise<AcceleratorVerdict | undefined> {
  const kept = jsonFields(parseJson((await files.read(path)) ?? "{}"), "verdicts");
  if (!kept.has(key)) return undefined;
  const fields = kept.object(key);
  const verdict = {
    accelerator: fields.oneOf("accelerator", ["kvm", "tcg"]),
    why: fields.text("why"),
  };
  return kept.problem() === undefined ? verdict : undefined;
}

/** Whether a stock kernel really runs under an accelerator; if not, what remains is TCG. */
export async function tryAccelerator(
  processes: Processes,
  trial: { readonly accelerator: "kvm" | "tcg"; readonly kernel: string },
  limitMs: number,
): Promise<AcceleratorVerdict> {
  const { accelerator, kernel } = trial;
  const args = [
    ...["-machine", "q35", ...acceleratorArguments(accelerator), "-m", "128M"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio"],
    ...["-no-reboot", "-kernel", kernel, "-append", "console=ttyS0 panic=-1"],
  ];
  const run = await processes.run(qemuProgram, args, { timeoutMs: limitMs });
  if (run.code === 0 && run.stdout.includes("Linux version"))
    return { accelerator, why: `${kernel} boots under it` };
  const said = run.stderr.trim().split("\n").at(-1) ?? "";
  const how =
    run.failure === "timed-out" ? `is not done after ${limitMs / 1000} s` : `fails: ${said}`;
  return { accelerator: "tcg", why: `booting ${kernel} under ${accelerator} ${how}` };
}
