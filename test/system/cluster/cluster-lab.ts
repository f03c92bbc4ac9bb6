/** Two lab hosts with replicated disks, guests' systems on them, and holdfastd: ready for the first command of a story. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { findGuestKernel, placeGuestKernel } from "../../../lab/guest/guest-kernel.ts";
import { repository } from "../../../lab/host/host-root.ts";
import { commandOnClient, runOnHost, writeOnHost } from "../../../lab/lab.ts";
import { type LedgerSession, startLedgerSession } from "../../../lab/ledger/ledger-session.ts";
import { readLab } from "../../../lab/plan/lab-state.ts";
import { noLab, type TestLab } from "../lab/test-lab.ts";
import {
  authKeys,
  domainFile,
  drbdConf,
  guestKernel,
  guestResource,
  haCf,
  type TestGuest,
} from "./cluster-files.ts";

export const hosts: readonly string[] = ["xen1", "xen2"];
export const webGuest: TestGuest = { name: "web", address: "10.0.0.101" };

/** What `skip` of node:test takes. */
export const noCluster: string | false = noLab || noGuestKernel();

/** Generous: guests boot under emulation, on a busy machine. */
const limitMs = 300_000;
const askAgainMs = 200;

/** Disks of 160 MiB, in sync; systems on them; the daemons up. Nothing is in the CIB yet. */
export async function prepareCluster(lab: TestLab, guests: readonly TestGuest[]): Promise<void> {
  for (const host of hosts) {
    putFiles(lab, host, guests);
    for (const { name } of guests) {
      await lab.sh(host, `truncate -s 160M /dev/xenhostfs/${name}-root`);
      await lab.sh(host, `drbdadm create-md ${name}_root`);
    }
    await lab.sh(host, "drbdadm up all");
  }
  for (const [i, { name, address }] of guests.entries()) {
    await lab.sh("xen1", `drbdadm -- --overwrite-data-of-peer primary ${name}_root`);
    await lab.sh("xen1", `mkfs.ext3 -q /dev/drbd${i} && mkdir -p /mnt/${name}`);
    await lab.sh("xen1", `mount /dev/drbd${i} /mnt/${name}`);
    await lab.sh(
      "xen1",
      `${repository}/lab/guest/tiny-bootstrap /mnt/${name} ${name} ${address}/24`,
    );
    await lab.sh("xen1", `umount /mnt/${name} && drbdadm secondary ${name}_root`);
  }
  for (const host of hosts) await lab.sh(host, "holdfastd --detach");
  await untilPrints(lab, "xen1", "crm_mon -1", /Online: \[ xen1 xen2 \]/);
  await untilPrints(lab, "xen1", "drbdadm dstate all", inSync(guests.length));
}

/** The text of `drbdadm dstate all` when all disks are whole on both sides. */
export function inSync(count: number): RegExp {
  return new RegExp(`^(UpToDate/UpToDate\\n){${count}}$`);
}

export async function addResources(lab: TestLab, xml: readonly string[]): Promise<void> {
  for (const text of xml) {
    writeOnHost(lab.name, "xen1", { path: "/root/resource.xml", text, mode: 0o644 });
    await lab.sh("xen1", "cibadmin --create --scope resources --xml-file /root/resource.xml");
  }
}

export async function addGuests(lab: TestLab, guests: readonly TestGuest[]): Promise<void> {
  await addResources(lab, guests.map(guestResource));
}

export async function setOption(lab: TestLab, name: string, value: string): Promise<void> {
  await lab.sh("xen1", `crm_attribute --type crm_config --name ${name} --update ${value}`);
}

/** Where crm_resource finds it; undefined when nowhere. */
export async function placeOf(
  lab: TestLab,
  guest: string,
  askedOn = "xen1",
): Promise<string | undefined> {
  const text = await lab.sh(askedOn, `crm_resource --resource ${guest} --locate`);
  return /is running on: (\S+)/.exec(text)?.[1];
}

/** Asks again and again until the command's output matches. @returns that output. */
export async function untilPrints(
  lab: TestLab,
  host: string,
  command: string,
  pattern: RegExp,
): Promise<string> {
  const end = Date.now() + limitMs;
  for (;;) {
    const { stdout, stderr } = await runOnHost(lab.name, host, ["sh", "-c", command]);
    if (pattern.test(stdout)) return stdout;
    if (Date.now() > end) {
      assert.fail(`${host}: ${command} does not print ${pattern} but:\n${stdout}${stderr}`);
    }
    await sleep(askAgainMs);
  }
}

export async function untilRuns(
  lab: TestLab,
  guest: string,
  on: string,
  askedOn = "xen1",
): Promise<void> {
  const locate = `crm_resource --resource ${guest} --locate`;
  await untilPrints(lab, askedOn, locate, new RegExp(`is running on: ${on}\\b`));
}

/** The cluster has nothing to do any more. */
export async function untilIdle(lab: TestLab, host = "xen1"): Promise<void> {
  await lab.sh(host, `holdfast wait-idle --timeout ${limitMs / 1000}s`);
}

/** A client on the LAN that appends to the guests' ledgers without pause. */
export function startLedger(lab: TestLab, guests: readonly TestGuest[]): LedgerSession {
  return startLedgerSession(guests, `run-${process.pid}`, (argv) =>
    commandOnClient(lab.name, argv),
  );
}

/** Resolves when the guest has acknowledged so many more records than now. */
export async function moreRecords(
  ledger: LedgerSession,
  guest: string,
  count: number,
): Promise<void> {
  const acknowledged = async (): Promise<number> =>
    (await ledger.count())[guest]?.acknowledged ?? 0;
  const enough = (await acknowledged()) + count;
  const end = Date.now() + limitMs;
  while ((await acknowledged()) < enough) {
    assert.ok(Date.now() < end, `${guest} acknowledges no more records`);
    await sleep(askAgainMs);
  }
}

/** The verdict on a guest's ledger, which must have lost and doubled nothing. */
export async function nothingLost(
  ledger: LedgerSession,
  guest: string,
): Promise<{ readonly acknowledged: number; readonly boots: number }> {
  const verdict = (await ledger.finish(limitMs))[guest];
  assert.ok(verdict !== undefined, `there is a verdict on ${guest}`);
  assert.equal(verdict.lost, 0, JSON.stringify(verdict));
  assert.equal(verdict.doubled, 0, JSON.stringify(verdict));
  return verdict;
}

function putFiles(lab: TestLab, host: string, guests: readonly TestGuest[]): void {
  const put = (path: string, text: string, mode = 0o644): void =>
    writeOnHost(lab.name, host, { path, text, mode });
  put("/etc/ha.d/ha.cf", haCf);
  put("/etc/ha.d/authkeys", authKeys("a-key-of-the-system-tests-only"), 0o600);
  put("/etc/drbd.conf", drbdConf(guests));
  for (const guest of guests) put(`/etc/xen/${guest.name}.dom`, domainFile(guest));
  placeGuestKernel(readLab(lab.name).dir, host, guestKernel);
}

function noGuestKernel(): string | false {
  try {
    findGuestKernel();
    return false;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
