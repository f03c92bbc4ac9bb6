/** Against real programs: one of our own that misbehaves at will, and Debian's fence_dummy. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { virtualClock } from "../../../test/doubles/virtual-clock.ts";
import { hostFiles } from "../../host/files/files.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import type { Files } from "../../ports/files.ts";
import type { Processes } from "../../ports/processes.ts";
import { type FenceDevice, readFenceDevice } from "./fence-device.ts";
import { type Fencing, fencing } from "./fencing.ts";

const never = new AbortController().signal;
const agents = path.resolve(import.meta.dirname, "../../../test/fence-agents");
const made: string[] = [];
after(() => {
  for (const directory of made) rmSync(directory, { recursive: true });
});

type Pdu = {
  readonly fencing: Fencing;
  readonly device: FenceDevice;
  mood(mood: string): void;
  outlet(name: string): string;
  orders(): readonly string[];
};

test("off counts when it is read back", async () => {
  const pdu = makePdu();
  assert.deepEqual(await pdu.fencing.off(pdu.device, "xen1", never), { kind: "off" });
  assert.equal(pdu.outlet("xen1"), "off");
  assert.deepEqual(pdu.orders(), ["off xen1", "status xen1"]);
  assert.deepEqual(await pdu.fencing.status(pdu.device, "xen1", never), { ok: true, value: "off" });
  assert.deepEqual(await pdu.fencing.status(pdu.device, "xen2", never), { ok: true, value: "on" });
});

test("no doubt ever becomes off", async () => {
  for (const [mood, why] of [
    ["lies", /pdu: it took the order, but xen1 is on/],
    ["refuses", /ended with exit status 1: Failed: not allowed; and xen1 is on/],
    ["deaf", /it took the order, but xen1 can't be read: .*Failed: no answer/],
    ["hangs", /fence_pdu off did not end within \d+ s; and xen1 can't be read/],
  ] as const) {
    // Only what hangs is waited for in real time; all others have plenty of it.
    const limit = mood === "hangs" ? "500ms" : "20s";
    const pdu = makePdu({
      pcmk_off_timeout: limit,
      pcmk_status_timeout: limit,
      pcmk_off_retries: "1",
      pcmk_status_retries: "1",
    });
    pdu.mood(mood);
    const result = await pdu.fencing.off(pdu.device, "xen1", never);
    assert.equal(result.kind, "not-confirmed", mood);
    assert.match(result.kind === "not-confirmed" ? result.why : "", why);
  }
});

test("an outlet that is not there, and an agent that is not there, fence nobody", async () => {
  const pdu = makePdu();
  assert.equal((await pdu.fencing.off(pdu.device, "xen3", never)).kind, "not-confirmed");
  const result = await pdu.fencing.off({ ...pdu.device, agent: "fence_none" }, "xen1", never);
  assert.match(JSON.stringify(result), /there is no fence agent fence_none/);
});

test("a refused order that was obeyed all the same is read back as off", async () => {
  const pdu = makePdu();
  pdu.mood("rude");
  assert.deepEqual(await pdu.fencing.off(pdu.device, "xen1", never), { kind: "off" });
});

test("a device that takes its time is read again", async () => {
  const pdu = makePdu();
  pdu.mood("slow");
  assert.deepEqual(await pdu.fencing.off(pdu.device, "xen1", never), { kind: "off" });
  assert.deepEqual(pdu.orders(), ["off xen1", "status xen1", "status xen1", "status xen1"]);
});

test("reboot is off, read back, and on again; one that can't be switched on is fenced all the same", async () => {
  const pdu = makePdu();
  assert.deepEqual(await pdu.fencing.reboot(pdu.device, "xen1", never), {
    kind: "off",
    on: { ok: true, value: undefined },
  });
  assert.deepEqual(
    [pdu.outlet("xen1"), pdu.orders()],
    ["on", ["off xen1", "status xen1", "on xen1"]],
  );
  const off = makePdu({ pcmk_reboot_action: "off" });
  assert.deepEqual(await off.fencing.reboot(off.device, "xen1", never), { kind: "off" });
  assert.equal(off.outlet("xen1"), "off");
  const broken = makePdu({ pcmk_on_action: "explode" });
  const result = await broken.fencing.reboot(broken.device, "xen1", never);
  assert.equal(result.kind === "off" && result.on?.ok, false);
});

test("the node is named as the device calls it, by the parameter that the agent has", async () => {
  const mapped = makePdu({ pcmk_host_map: "one:xen1;two:xen2" });
  assert.deepEqual(await mapped.fencing.off(mapped.device, "two", never), { kind: "off" });
  assert.deepEqual([mapped.outlet("xen1"), mapped.outlet("xen2")], ["on", "off"]);
  const fixed = makePdu({ plug: "xen2" });
  assert.deepEqual(await fixed.fencing.off(fixed.device, "whoever", never), { kind: "off" });
  assert.equal(fixed.outlet("xen2"), "off");
  const other = makePdu({ pcmk_host_argument: "outlet" });
  assert.equal((await other.fencing.off(other.device, "xen1", never)).kind, "not-confirmed");
  assert.deepEqual(other.orders()[0], "off ");
});

test("whom a device can fence: its lists, else what it lists itself, else what it can read", async () => {
  for (const [params, xen1, xen3] of [
    [{}, true, false],
    [{ pcmk_host_list: "xen1, xen4" }, true, false],
    [{ pcmk_host_map: "xen3:9" }, false, true],
    [{ pcmk_host_check: "none", pcmk_host_list: "xen9" }, true, true],
    [{ pcmk_host_check: "dynamic-list", pcmk_host_map: "xen3:xen2" }, true, true],
  ] as const) {
    const pdu = makePdu(params);
    const can = (node: string) => pdu.fencing.canFence(pdu.device, node, never);
    assert.deepEqual(
      [await can("xen1"), await can("xen3")],
      [
        { ok: true, value: xen1 },
        { ok: true, value: xen3 },
      ],
    );
  }
  const asked = makePdu({ pcmk_host_check: "status" });
  assert.equal((await asked.fencing.canFence(asked.device, "xen1", never)).ok, true);
  assert.equal((await asked.fencing.canFence(asked.device, "xen3", never)).ok, false);
});

test("monitor says whether the device can be used, metadata what the agent is", async () => {
  const pdu = makePdu();
  assert.ok((await pdu.fencing.monitor(pdu.device, never)).ok);
  const metadata = await pdu.fencing.metadata(pdu.device, never);
  assert.ok(metadata.ok);
  assert.deepEqual([...metadata.value.parameters], ["action", "plug", "port", "dir"]);
  assert.ok(metadata.value.actions.has("status"));
  rmSync(path.join(String(pdu.device.params["dir"]), "outlets"), { recursive: true });
  assert.equal((await pdu.fencing.monitor(pdu.device, never)).ok, false);
});

test("an attempt that fails is made again, as often as configured", async () => {
  const pdu = makePdu({ pcmk_off_retries: "3" });
  pdu.mood("refuses");
  await pdu.fencing.off(pdu.device, "xen1", never);
  assert.equal(pdu.orders().filter((order) => order === "off xen1").length, 3);
});

const dummy = "/usr/sbin/fence_dummy";
test("Debian's fence_dummy fences and says so", {
  skip: existsSync(dummy) ? false : `${dummy} is not installed`,
}, async () => {
  const directory = makeDirectory();
  writeFileSync(`${directory}/power`, "on");
  const read = readFenceDevice("dummy", "fence_dummy", {
    params: { status_file: `${directory}/power`, pcmk_host_list: "xen1" },
    timeoutMs: 30_000,
  });
  assert.ok(read.ok);
  const ports = { processes: hostProcesses(), files: hostFiles(), clock: virtualClock() };
  const fence = fencing(ports);
  assert.deepEqual(await fence.status(read.value, "xen1", never), { ok: true, value: "on" });
  assert.deepEqual(await fence.off(read.value, "xen1", never), { kind: "off" });
  assert.equal(readFileSync(`${directory}/power`, "utf8"), "off");
});

function makeDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-fence-"));
  made.push(directory);
  return directory;
}

function makePdu(params: Readonly<Record<string, string>> = {}): Pdu {
  const directory = makeDirectory();
  mkdirSync(`${directory}/outlets`);
  for (const outlet of ["xen1", "xen2"]) writeFileSync(`${directory}/outlets/${outlet}`, "on\n");
  const read = readFenceDevice("pdu", "fence_pdu", {
    params: { dir: directory, ...params },
    timeoutMs: 20_000,
  });
  assert.ok(read.ok, JSON.stringify(read));
  return {
    fencing: fencing({
      processes: installed(hostProcesses()),
      files: withAgent(hostFiles()),
      clock: virtualClock(),
    }),
    device: read.value,
    mood: (mood) => writeFileSync(`${directory}/mood`, mood),
    outlet: (name) => readFileSync(`${directory}/outlets/${name}`, "utf8").trim(),
    orders: () =>
      existsSync(`${directory}/orders`)
        ? readFileSync(`${directory}/orders`, "utf8").trimEnd().split("\n")
        : [],
  };
}

/** As if test/fence-agents were /etc/holdfast/fence-agents. */
function withAgent(files: Files): Files {
  return {
    ...files,
    list: (directory) =>
      files.list(directory === "/etc/holdfast/fence-agents" ? agents : directory),
  };
}

function installed(processes: Processes): Processes {
  return {
    ...processes,
    run: (command, args, options) =>
      processes.run(command.replace("/etc/holdfast/fence-agents", agents), args, options),
  };
}
