/** The tiny guest under QEMU on a lab host, with its disk in a plain file, and the client on the LAN. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { findGuestKernel, placeGuestKernel, quickBoot } from "../../../lab/guest/guest-kernel.ts";
import { repository } from "../../../lab/host/host-root.ts";
import { commandOnClient, readOnHost } from "../../../lab/lab.ts";
import { type LedgerSession, startLedgerSession } from "../../../lab/ledger/ledger-session.ts";
import { until } from "../../../lab/machine/until.ts";
import { readLab } from "../../../lab/plan/lab-state.ts";
import { noLab, testLab } from "./test-lab.ts";

const lab = testLab({ hosts: 1 });
const skip = noLab || noKernel();
/** Generous: under emulation, on a busy machine, a boot takes several seconds. */
const bootLimitMs = 120_000;
let ledger: LedgerSession | undefined;

after(() => ledger?.abandon());

test("the tiny guest boots from its disk and answers on its own address", {
  skip,
  timeout: bootLimitMs * 2,
}, async () => {
  placeGuestKernel(readLab(lab.name).dir, "xen1", {
    kernel: "/boot/vmlinuz-2.6.18-6-xen-686",
    ramdisk: "/boot/initrd.img-2.6.18-6-xen-686",
  });
  await lab.sh("xen1", makeDisks);
  await startGuest();
  ledger = startLedgerSession([{ name: "host1", address: "10.0.0.101" }], "run", (argv) =>
    commandOnClient(lab.name, argv),
  );
  await ledger.awaitNews(({ news }) => news.kind === "answers", bootLimitMs);
  // Its words to the console may be on their way still.
  const isUp = /host1 is up at 10\.0\.0\.101\/24 after/;
  assert.ok(await until(() => isUp.test(console1()), bootLimitMs), console1());
});

test("killed without warning and started again, it has every acknowledged record once", {
  skip,
}, async () => {
  assert.ok(ledger);
  for (let round = 1; round <= 2; round++) {
    const { acknowledged: before } = (await ledger.count())["host1"] ?? { acknowledged: 0 };
    while (((await ledger.count())["host1"]?.acknowledged ?? 0) < before + 20) await pause();
    await lab.sh("xen1", `kill -9 $(cat /run/guest.pid); ${untilGuestEnded}`);
    await startGuest();
    const boots = round + 1;
    let seen = 0;
    await ledger.awaitNews(({ news }) => news.kind === "booted" && ++seen === boots, bootLimitMs);
  }
  const { acknowledged } = (await ledger.count())["host1"] ?? { acknowledged: 0 };
  while (((await ledger.count())["host1"]?.acknowledged ?? 0) < acknowledged + 5) await pause();
  assert.ok(!ledger.news.some(({ news }) => news.kind === "lost"));
});

test("the power button shuts the guest down in an orderly way", {
  skip,
  timeout: bootLimitMs * 2,
}, async () => {
  assert.ok(ledger);
  const verdict = (await ledger.finish(bootLimitMs))["host1"];
  assert.ok(verdict && verdict.acknowledged >= 45, JSON.stringify(verdict));
  assert.deepEqual([verdict.lost, verdict.doubled, verdict.boots], [0, 0, 3]);
  // QEMU may not read the order any more from a connection that has ended: it stays until the guest has.
  const order = `(echo system_powerdown; ${untilGuestEnded}) | busybox nc 127.0.0.1 4444 >/dev/null`;
  await lab.sh("xen1", `${order}; ${untilGuestEnded}`);
  assert.match(console1(), /host1 shuts down/);
  const state = await lab.sh(
    "xen1",
    "dumpe2fs -h /dev/xenhostfs/host1-root 2>/dev/null | grep state",
  );
  assert.match(state, /clean/);
});

const untilGuestEnded = "while kill -0 $(cat /run/guest.pid) 2>/dev/null; do sleep 0.1; done";

async function startGuest(): Promise<void> {
  await lab.sh("xen1", startQemu);
}

function console1(): string {
  return readOnHost(lab.name, "xen1", "/var/log/guest.console");
}

function noKernel(): string | false {
  try {
    findGuestKernel();
    return false;
  } catch {
    return "no guest kernel: `node tools/run.mjs setup` fetches it";
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

const makeDisks = `
  truncate -s 10G /dev/xenhostfs/host1-root
  truncate -s 1G /dev/xenhostfs/host1-swap
  mkfs.ext3 -q -F /dev/xenhostfs/host1-root
  mkswap /dev/xenhostfs/host1-swap
  mkdir -p /mnt/host1
  mount -o loop /dev/xenhostfs/host1-root /mnt/host1
  ${repository}/lab/guest/tiny-bootstrap /mnt/host1 host1 10.0.0.101/24
  umount /mnt/host1`;

const startQemu = `
  ip tuntap add dev host1.0 mode tap 2>/dev/null
  ip link set host1.0 master xenbr0 up
  qemu-system-x86_64 -name host1 -M q35 -accel tcg -cpu max -m 512 -nodefaults -display none \\
    -kernel /boot/vmlinuz-2.6.18-6-xen-686 -initrd /boot/initrd.img-2.6.18-6-xen-686 \\
    -append "root=/dev/xvda ro 4 console=ttyS0 ${quickBoot}" \\
    -drive file=/dev/xenhostfs/host1-root,if=virtio,format=raw \\
    -drive file=/dev/xenhostfs/host1-swap,if=virtio,format=raw \\
    -netdev tap,id=net0,ifname=host1.0,script=no,downscript=no \\
    -device virtio-net-pci,netdev=net0,mac=00:16:3e:00:00:01 \\
    -chardev file,id=console,path=/var/log/guest.console,append=on -serial chardev:console \\
    -monitor tcp:127.0.0.1:4444,server=on,wait=off -pidfile /run/guest.pid -daemonize >/dev/null`;
