import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryFiles } from "../../../test/doubles/memory-files.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import type { Files } from "../../ports/files.ts";
import type { Processes, RunOutcome } from "../../ports/processes.ts";
import { type Accelerators, accelerators } from "./accelerator.ts";

const works: RunOutcome = { code: 0, stdout: "[    0.0] Linux version 6.1\n…", stderr: "" };
const hangs: RunOutcome = { failure: "timed-out", stdout: "", stderr: "" };
const kept = "/var/lib/holdfast/accelerator.json";

type Host = { readonly accelerators: Accelerators; readonly booted: string[] };

function host(files: Files, outcome: RunOutcome): Host {
  const booted: string[] = [];
  const processes: Processes = {
    ...hostProcesses(),
    run: async (_, args) => {
      booted.push(args[args.indexOf("-kernel") + 1] as string);
      return outcome;
    },
  };
  return { accelerators: accelerators({ files, processes }, kept), booted };
}

const hostWithKvm = (): Files =>
  memoryFiles({ "/dev/kvm": "", "/proc/sys/kernel/osrelease": "6.1.0\n" });

test("KVM is used where a kernel boots under it, and TCG where none does, with the reason", async () => {
  const good = await host(hostWithKvm(), works).accelerators.choose("7.2.22", "/boot/vmlinuz");
  assert.deepEqual(good, { accelerator: "kvm", why: "/boot/vmlinuz boots under it" });
  const bad = await host(hostWithKvm(), hangs).accelerators.choose("7.2.22", "/boot/vmlinuz");
  assert.deepEqual(bad, {
    accelerator: "tcg",
    why: "booting /boot/vmlinuz under kvm is not done after 8 s",
  });
  const silent = { code: 0, stdout: "", stderr: "" };
  const mute = await host(hostWithKvm(), silent).accelerators.choose("7.2.22", "/boot/vmlinuz");
  assert.equal(mute.accelerator, "tcg");
});

test("without /dev/kvm nothing is tried", async () => {
  const { accelerators: chosen, booted } = host(memoryFiles(), works);
  assert.deepEqual(await chosen.choose("7.2.22", "/k"), {
    accelerator: "tcg",
    why: "there is no /dev/kvm",
  });
  assert.deepEqual(booted, []);
});

test("it is tried once for a kernel, also by two at the same time, and remembered over restarts", async () => {
  const files = hostWithKvm();
  const first = host(files, works);
  await Promise.all([
    first.accelerators.choose("7.2.22", "/a"),
    first.accelerators.choose("7.2.22", "/a"),
  ]);
  await first.accelerators.choose("7.2.22", "/b");
  assert.deepEqual(first.booted, ["/a", "/b"]);
  const later = host(files, hangs);
  for (const kernel of ["/a", "/b"])
    assert.equal((await later.accelerators.choose("7.2.22", kernel)).accelerator, "kvm");
  assert.deepEqual(later.booted, []);
});

test("another QEMU or another kernel of the host is tried anew, and so is a damaged memory", async () => {
  const files = hostWithKvm();
  await host(files, hangs).accelerators.choose("7.2.22", "/a");
  const newQemu = host(files, works);
  assert.equal((await newQemu.accelerators.choose("8.0.0", "/a")).accelerator, "kvm");
  await files.write("/proc/sys/kernel/osrelease", "6.12.0\n");
  assert.equal((await host(files, works).accelerators.choose("7.2.22", "/a")).accelerator, "kvm");
  await files.write(kept, "rubbish");
  const damaged = host(files, works);
  assert.equal((await damaged.accelerators.choose("7.2.22", "/a")).accelerator, "kvm");
  assert.deepEqual(damaged.booted, ["/a"]);
});

test("a guest without a kernel of its own is judged by the host's", async () => {
  const { accelerators: chosen, booted } = host(hostWithKvm(), works);
  await chosen.choose("7.2.22", undefined);
  assert.deepEqual(booted, ["/boot/vmlinuz-6.1.0"]);
});
