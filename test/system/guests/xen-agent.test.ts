/**
 * ocf:heartbeat:Xen on two nodes with real QEMUs, booted guests and a network that can be cut; the disks are those of
 * test/doubles/shared-volumes.ts over NBD. Needs root; takes about a minute.
 */

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { quickBoot } from "../../../lab/guest/guest-kernel.ts";
import { tryAccelerator } from "../../../src/agents/qemu/accelerator.ts";
import { tapName } from "../../../src/agents/qemu/tap.ts";
import type { AgentAction, AgentOutcome } from "../../../src/agents/resource-agent.ts";
import { XenAgent } from "../../../src/agents/xen/xen-agent.ts";
import { hostClock } from "../../../src/host/clock.ts";
import { hostFiles } from "../../../src/host/files/files.ts";
import { hostProcesses } from "../../../src/host/processes/processes.ts";
import { guestImage } from "./guest-image.ts";
import { type QemuNode, type QemuWorld, qemuWorld } from "./qemu-world.ts";
import { type HostNetwork, type TwoNetworks, twoNetworks } from "./two-networks.ts";

const bridge = "xenbr0";
const mac = "00:16:3e:01:02:03";
const image = guestImage();
const network = typeof image === "string" ? image : twoNetworks(bridge);
const skip = typeof network === "string" ? network : false;

let world: QemuWorld;
const agents = new Map<QemuNode, XenAgent>();

before(async () => {
  if (skip !== false) return;
  const { one, two } = network as TwoNetworks;
  world = await qemuWorld(["host1_root", "host1_swap"], [one.processes, two.processes]);
  for (const node of [world.one, world.two]) agents.set(node, makeAgent(node));
});
beforeEach(async () => {
  if (skip !== false) return;
  for (const node of [world.one, world.two]) {
    const stopped = await act(node, "stop", {}, { shutdown_timeout: "0" });
    assert.deepEqual(stopped, { rc: 0, reason: "" });
    rmSync(`${node.directory}/log`, { recursive: true, force: true });
  }
  assert.deepEqual(world.volumes.violations, []);
});
after(async () => {
  if (skip !== false) return;
  await world.close();
  (network as TwoNetworks).remove();
});

test("a guest boots, moves live without being restarted, and heeds its power button", {
  skip,
}, async () => {
  const { one, two, volumes } = world;
  writeDomain("");
  assert.deepEqual(await act(one, "monitor"), { rc: 7, reason: "host1 is not running any more" });
  assert.deepEqual(await act(one, "start"), { rc: 0, reason: "" });
  await one.untilConsole("host1", /UP [0-9a-f-]{36}/);
  await one.untilConsole("host1", /tick 3\b/);
  assert.match(bridgePorts(one), new RegExp(`${tapName("host1", 0)}\\b.*fe:16:3e:01:02:03`, "s"));

  const moved = await act(one, "migrate_to", { migrate_target: "xen2" });
  assert.deepEqual(moved, { rc: 0, reason: "" });
  const arrived = await act(two, "migrate_from", { migrate_source: "xen1" });
  assert.deepEqual(arrived, { rc: 0, reason: "" });
  assert.deepEqual([one.qemus().length, two.qemus().length], [0, 1]);
  const last = ticks(one).at(-1) as number;
  await two.untilConsole("host1", new RegExp(`tick ${last + 5}\\b`));
  // Not a tick was lost or done twice, and it never came up again.
  assert.deepEqual(
    [...ticks(one), ...ticks(two)].filter((n) => n <= last + 5),
    Array.from({ length: last + 5 }, (_, i) => i + 1),
  );
  assert.doesNotMatch(two.console("host1"), /UP/);
  const onDisk = Number.parseInt(
    volumes.disks.get("host1_root")?.toString("latin1", 0, 8) ?? "",
    10,
  );
  assert.ok(onDisk >= last + 5);

  assert.deepEqual(await act(two, "stop"), { rc: 0, reason: "" });
  assert.match(two.console("host1"), /POWER/);
  assert.deepEqual(
    [two.qemus().length, two.volumes.primary.size, bridgePorts(one), bridgePorts(two)],
    [0, 0, "", ""],
  );
  assert.deepEqual(volumes.violations, []);
});

test("a network that is cut in the hand-over leaves the guest where it was, and it can move later", {
  skip,
}, async () => {
  const { one, two } = world;
  const { cut, heal } = network as TwoNetworks;
  writeDomain("");
  assert.equal((await act(one, "start")).rc, 0);
  const status = one.volumes.status.bind(one.volumes);
  one.volumes.status = async (resource) => {
    if (two.qemus().length > 0) cut();
    return await status(resource);
  };
  const failed = await act(one, "migrate_to", { migrate_target: "xen2" });
  one.volumes.status = status;
  heal();
  assert.equal(failed.rc, 1);
  assert.match(failed.reason, /host1 was not migrated to xen2: .*; it goes on here/);
  assert.deepEqual(await act(one, "monitor"), { rc: 0, reason: "" });
  assert.deepEqual([one.qemus().length, two.qemus().length], [1, 0]);
  assert.deepEqual(await act(one, "migrate_to", { migrate_target: "xen2" }), { rc: 0, reason: "" });
  assert.deepEqual([one.qemus().length, two.qemus().length], [0, 1]);
});

test("a promotion refused at the target leaves the guest nowhere, and it starts again from its disk", {
  skip,
}, async () => {
  const { one, two } = world;
  writeDomain("");
  assert.equal((await act(one, "start")).rc, 0);
  two.volumes.refusePromotion.set("host1_swap", {
    code: -2,
    message: "Need access to UpToDate data",
  });
  const failed = await act(one, "migrate_to", { migrate_target: "xen2" });
  two.volumes.refusePromotion.clear();
  assert.match(failed.reason, /xen2 did not confirm.*\(-2\) Need access to UpToDate data/);
  assert.deepEqual([one.qemus().length, two.qemus().length], [0, 0]);
  assert.deepEqual([one.volumes.primary.size, two.volumes.primary.size], [0, 0]);
  assert.equal((await act(two, "start")).rc, 0);
});

test("a disk that fails pauses the guest, and monitor names it", { skip }, async () => {
  const { one, volumes } = world;
  writeDomain("");
  assert.equal((await act(one, "start")).rc, 0);
  await one.untilConsole("host1", /tick 2\b/);
  volumes.failing.add("host1_root");
  const paused = await untilNot(0, () => act(one, "monitor"));
  volumes.failing.clear();
  assert.deepEqual(paused, {
    rc: 1,
    reason: "host1 does not execute: it is paused by an I/O error on xvda",
  });
  assert.equal((await act(one, "stop")).rc, 0);
  assert.doesNotMatch(one.console("host1"), /write failed/);
});

test("a guest whose kernel panics is gone, and monitor says so", { skip }, async () => {
  const { one } = world;
  writeDomain("panic");
  assert.equal((await act(one, "start")).rc, 0);
  // While QEMU ends it is neither here nor gone (1), and 7 only when it is provably gone.
  const ended = await untilNot(0, () => act(one, "monitor"));
  const gone = ended.rc === 1 ? await untilNot(1, () => act(one, "monitor")) : ended;
  assert.equal(gone.rc, 7);
  assert.match(one.console("host1"), /sysrq.*crash|Kernel panic/i);
});

test("QEMU's own words are the reason when a guest can't be started, and nothing is left", {
  skip,
}, async () => {
  const { one } = world;
  writeDomain("", { kernel: "/nonexistent/vmlinuz" });
  const noKernel = await act(one, "start");
  assert.equal(noKernel.rc, 1);
  assert.match(noKernel.reason, /QEMU does not start host1: could not open kernel file/);
  writeDomain("", { bridge: "nobr0" });
  const noBridge = await act(one, "start");
  assert.match(noBridge.reason, /interface 0 of host1 can't join bridge nobr0/);
  assert.deepEqual([one.qemus().length, one.volumes.primary.size, bridgePorts(one)], [0, 0, ""]);
});

test("a stock kernel boots under TCG, and a file that is none boots under nothing", {
  skip,
}, async () => {
  if (typeof image === "string") return;
  const processes = hostProcesses();
  const { kernel, ramdisk } = image;
  const tcg = await tryAccelerator(processes, { accelerator: "tcg", kernel }, 300_000);
  assert.deepEqual(tcg, { accelerator: "tcg", why: `${kernel} boots under it` });
  const none = await tryAccelerator(processes, { accelerator: "kvm", kernel: ramdisk }, 5000);
  assert.equal(none.accelerator, "tcg");
  assert.match(none.why, /booting .* under kvm (fails|is not done)/);
});

function makeAgent(node: QemuNode): XenAgent {
  return new XenAgent({
    driver: node.driver,
    volumes: node.volumes,
    files: hostFiles(),
    clock: hostClock(),
    processes: node.processes,
    peers: {
      request: async (to, { verb, params }) => {
        const peer = [world.one, world.two].find(({ name }) => name === to) as QemuNode;
        return await (agents.get(peer) as XenAgent).answerPeer(verb, params, node.name);
      },
    },
    node: node.name,
    address: () => networkOf(node).address,
  });
}

async function act(
  node: QemuNode,
  action: AgentAction,
  meta: Readonly<Record<string, string>> = {},
  params: Readonly<Record<string, string>> = {},
): Promise<AgentOutcome> {
  const request = {
    agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
    resource: "host1",
    action,
    params: { xmfile: `${world.directory}/host1.dom`, ...params },
    meta: { timeout: "60000", interval: "10000", ...meta },
  };
  return await (agents.get(node) as XenAgent).run(request, new AbortController().signal);
}

function writeDomain(
  extra: string,
  other: { readonly kernel?: string; readonly bridge?: string } = {},
): void {
  if (typeof image === "string") return;
  mkdirSync(world.directory, { recursive: true });
  writeFileSync(
    `${world.directory}/host1.dom`,
    `kernel = "${other.kernel ?? image.kernel}"
ramdisk = "${image.ramdisk}"
memory = 160
name = "host1"
disk = [ 'drbd:host1_root,xvda,w', 'drbd:host1_swap,xvdb,w' ]
vif = [ 'bridge=${other.bridge ?? bridge},mac=${mac}' ]
root = "/dev/xvda ro"
extra = "4 ${quickBoot} ${extra}"
`,
  );
}

function ticks(node: QemuNode): readonly number[] {
  return [...node.console("host1").matchAll(/^tick (\d+)\r?$/gm)].map(([, n]) => Number(n));
}

function networkOf(node: QemuNode): HostNetwork {
  const { one, two } = network as TwoNetworks;
  return node === world.one ? one : two;
}

function bridgePorts(node: QemuNode): string {
  return networkOf(node).output("ip", "-o", "link", "show", "master", bridge);
}

async function untilNot(rc: number, ask: () => Promise<AgentOutcome>): Promise<AgentOutcome> {
  for (;;) {
    const outcome = await ask();
    if (outcome.rc !== rc) return outcome;
    await hostClock().sleep(100);
  }
}
