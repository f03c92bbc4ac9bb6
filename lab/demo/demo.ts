/**
 * The main job, told with the how-to's own commands: two hosts run its two guests, one guest moves and comes back,
 * one host dies and its guests run on, and in the end every acknowledged record is counted.
 */
import { labBoot, runOnHost } from "../lab.ts";
import type { LedgerSession } from "../ledger/ledger-session.ts";
import { type DemoWorld, runChapter } from "./demo-world.ts";
import { allSettled, type DiskFigures, parseDiskFigures, resyncFigures } from "./disk-figures.ts";
import { failoverMarks, failoverTimes } from "./failover-times.ts";
import { answerLimitMs, placeOf, startLedger } from "./guest-news.ts";
import {
  checkFiles,
  configure,
  guestSystems,
  howtoHosts,
  migrateSteps,
  onlineStep,
  quiet,
  replication,
  startDaemons,
  startGuests,
  targetRoleSteps,
  unmigrateStep,
  volumes,
} from "./howto-steps.ts";
import { cutPowerOf } from "./power-cut.ts";
import { putFiles } from "./put-files.ts";

const [first] = howtoHosts;
const diskStatus = "drbdsetup status --json --statistics";
/** The guest that moves and is stopped, and the one whose host dies. */
const [moved, kept] = ["host2", "host1"] as const;

/** On a lab of two hosts, just made. @throws UserError when a step does not end as it must. */
export async function tellDemo(world: DemoWorld): Promise<void> {
  putFiles(world);
  await world.runner.run(checkFiles);
  for (const chapter of [volumes, replication, guestSystems, startDaemons, startGuests]) {
    await runChapter(world, chapter);
  }
  const ledger = await startLedger(world);
  await runChapter(world, configure);
  await migrate(world, ledger);
  await stopAndStart(world, ledger);
  const { lost, survivor } = await cutPower(world, ledger);
  await bringBack(world, lost, survivor);
  await judge(world, ledger);
}

async function migrate(world: DemoWorld, ledger: LedgerSession): Promise<void> {
  const { screen, runner, findings } = world;
  screen.chapter(`${moved} moves to the other host and back, while it runs`);
  const [here, there] = howtoHosts;
  const start = await placeOf(world.lab, moved);
  const way = start === there ? [here, there] : [there, here];
  await ledger.beginPhase("migration");
  for (const to of way) {
    for (const step of migrateSteps(moved, to)) await runner.run(step);
    // It has gone on there, before it moves again: else its silence is that of both moves.
    await ledger.awaitRecord(moved, answerLimitMs);
  }
  const phase = (await ledger.beginPhase("after the migration"))[moved];
  findings.migration = { guest: moved, phase };
  await runner.run(unmigrateStep(moved));
  const silence = ((phase?.silenceMs ?? 0) / 1000).toFixed(2);
  const same = phase?.boots.length === 1 ? "was not restarted" : "was RESTARTED";
  screen.good(`${moved} ${same}; its ledger was silent for at most ${silence} s.`);
}

async function stopAndStart(world: DemoWorld, ledger: LedgerSession): Promise<void> {
  world.screen.chapter(`${moved} is stopped, and started again`);
  await ledger.beginPhase("stop and start");
  const boots = (): number =>
    ledger.news.filter((one) => one.guest === moved && one.news.kind === "booted").length;
  const before = boots();
  for (const value of ["stopped", "started"] as const) {
    for (const step of targetRoleSteps(moved, value)) await world.runner.run(step);
  }
  await ledger.awaitNews(() => boots() > before, answerLimitMs);
}

async function cutPower(
  world: DemoWorld,
  ledger: LedgerSession,
): Promise<{ readonly lost: string; readonly survivor: string }> {
  const { lab, screen, findings } = world;
  const lost = await placeOf(world.lab, kept);
  const survivor = howtoHosts.find((host) => host !== lost) ?? first;
  screen.chapter(`The power of ${lost}, which runs ${kept}, is cut`);
  await ledger.beginPhase("power cut");
  screen.command("lab", `holdfast lab kill ${lost}`);
  const cut = { lab, lost, survivor, guest: kept };
  const { failover, events } = await cutPowerOf(cut, ledger);
  findings.failover = failoverTimes(failover, events);
  screen.timeline(failoverMarks(failover, events));
  await world.runner.run({ host: survivor, command: "crm_mon -1" });
  findings.outage = await ledger.beginPhase("after the power cut");
  return { lost, survivor };
}

async function bringBack(world: DemoWorld, lost: string, survivor: string): Promise<void> {
  const { lab, screen, runner, findings } = world;
  screen.chapter(`${lost} comes back, and gets only what was written meanwhile`);
  const before = await diskFigures(world, survivor);
  screen.command("lab", `holdfast lab boot ${lost}`);
  await labBoot(lab, lost);
  await runner.run({
    host: survivor,
    command: "holdfast drbd proc",
    until: { what: "the disk servers of both hosts have met", holds: haveMet },
  });
  const json = await runner.run({
    host: survivor,
    command: diskStatus,
    until: { what: "all disks are UpToDate on both hosts", holds: allSettled },
    silent: true,
  });
  findings.resync = resyncFigures(before, parseDiskFigures(json));
  await runner.run({ host: survivor, command: "holdfast drbd proc" });
  for (const [name, { kib_changed, kib_sent }] of Object.entries(findings.resync)) {
    screen.output(`${name}: ${kib_changed} KiB were written meanwhile, ${kib_sent} KiB were sent`);
  }
  screen.output(
    `Sent is what was written meanwhile and is being written, and what ${lost} may have written when it died, as its ` +
      "activity log has it.",
  );
  await runner.run({ ...onlineStep, host: survivor });
  await runner.run({ ...quiet, host: survivor });
  await runner.run({ host: survivor, command: "holdfast status" });
}

/** A resync is under way, which is worth seeing, or over already. */
function haveMet(proc: string): boolean {
  return proc.includes("sync'ed:") || !/cs:(?!Connected)/.test(proc);
}

async function diskFigures({ lab }: DemoWorld, host: string): Promise<readonly DiskFigures[]> {
  return parseDiskFigures((await runOnHost(lab, host, ["sh", "-c", diskStatus])).stdout);
}

async function judge({ screen, findings }: DemoWorld, ledger: LedgerSession): Promise<void> {
  screen.chapter("Every acknowledged record is counted");
  findings.verdicts = await ledger.finish(answerLimitMs);
  for (const [name, verdict] of Object.entries(findings.verdicts)) {
    if (verdict === undefined) continue;
    const { acknowledged, present, lost, doubled, boots } = verdict;
    const text = `${name}: ${acknowledged} acknowledged, ${present} present, ${lost} lost, ${doubled} doubled; ${boots} boots`;
    if (lost + doubled === 0) screen.good(text);
    else screen.failure(text);
  }
}
