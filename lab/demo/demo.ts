/**
 * The main job, told with the how-to's own commands: two hosts run its two guests, one guest moves and comes back,
 * one host dies and its guests run on, and in the end every acknowledged record is counted.
 */
import { symlinkSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { placeGuestKernel } from "../guest/guest-kernel.ts";
import { hostRoot, repository } from "../host/host-root.ts";
import { commandOnClient, labBoot, labKill, runOnHost, writeOnHost } from "../lab.ts";
import { type LedgerSession, startLedgerSession } from "../ledger/ledger-session.ts";
import { namespaceOf } from "../machine/process-identity.ts";
import { hostOf, readLab } from "../plan/lab-state.ts";
import type { DemoFindings } from "./demo-report.ts";
import type { Chapter } from "./demo-step.ts";
import { type DiskFigures, parseDiskFigures, resyncFigures } from "./disk-figures.ts";
import { failoverMarks, failoverTimes, guestStartedAtMs, parseTimeline } from "./failover-times.ts";
import type { HowtoFiles } from "./howto-files.ts";
import {
  configure,
  guestSystems,
  howtoGuests,
  howtoHosts,
  locate,
  migrateSteps,
  placeIn,
  replication,
  startDaemons,
  startGuests,
  targetRoleSteps,
  unmigrateStep,
  volumes,
} from "./howto-steps.ts";
import type { Screen } from "./screen.ts";
import type { StepRunner } from "./step-runner.ts";

export type DemoWorld = {
  readonly lab: string;
  readonly files: HowtoFiles;
  readonly screen: Screen;
  readonly runner: StepRunner;
  readonly findings: DemoFindings;
  /** What to end when the demo ends early. */
  readonly onEnd: (end: () => void) => void;
};

const [first] = howtoHosts;
/** The guest that moves and is stopped, and the one whose host dies. */
const [moved, kept] = ["host2", "host1"] as const;
const answerLimitMs = 180_000;

/** On a lab of two hosts, just made. @throws UserError when a step does not end as it must. */
export async function tellDemo(world: DemoWorld): Promise<void> {
  putFiles(world);
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

async function runChapter({ screen, runner }: DemoWorld, chapter: Chapter): Promise<void> {
  screen.chapter(chapter.title);
  for (const step of chapter.steps) await runner.run(step);
}

/** The files on the hosts' disks, and what is to be said about them. */
function putFiles({ lab, files, screen }: DemoWorld): void {
  screen.chapter("The how-to's files, where it puts them");
  const { dir } = readLab(lab);
  for (const host of howtoHosts) {
    for (const file of files.files) {
      if (file.on === "first" && host !== first) continue;
      writeOnHost(lab, host, { path: file.target, text: file.text, mode: file.mode });
    }
    for (const paths of files.kernels) placeGuestKernel(dir, host, paths);
    const bootstrap = path.join(repository, "lab/guest/tiny-bootstrap");
    symlinkSync(bootstrap, path.join(hostRoot(dir, host), "root/tiny-bootstrap"));
  }
  const on = { all: howtoHosts.join(", "), first };
  for (const file of files.files) screen.output(`${on[file.on].padEnd(10)} ${file.target}`);
  for (const { kernel, ramdisk } of files.kernels.slice(0, 1)) {
    screen.output(`${on.all.padEnd(10)} ${kernel}, ${ramdisk}: the tiny guest's`);
  }
  for (const remark of files.remarks) screen.remark(remark);
}

async function startLedger({ lab, screen, onEnd }: DemoWorld): Promise<LedgerSession> {
  const guests = howtoGuests.map(({ name, address }) => ({ name, address }));
  const ledger = startLedgerSession(guests, `demo-${Date.now()}`, (argv) =>
    commandOnClient(lab, argv),
  );
  onEnd(() => ledger.abandon());
  screen.output("A client on the LAN appends to both guests' ledgers from here on, without pause.");
  for (const { name } of howtoGuests) {
    await ledger.awaitNews(
      ({ guest, news }) => guest === name && news.kind === "answers",
      answerLimitMs,
    );
  }
  screen.good("Both guests answer.");
  return ledger;
}

async function placeOf({ lab }: DemoWorld, guest: string): Promise<string> {
  const { stdout } = await runOnHost(lab, first, ["sh", "-c", locate(guest)]);
  const place = placeIn(stdout);
  if (place !== undefined) return place;
  throw new UserError("HF7018", `${guest} runs nowhere: ${stdout.trim()}`);
}

async function migrate(world: DemoWorld, ledger: LedgerSession): Promise<void> {
  const { screen, runner, findings } = world;
  screen.chapter(`${moved} moves to the other host and back, while it runs`);
  const [here, there] = howtoHosts;
  const start = await placeOf(world, moved);
  const way = start === there ? [here, there] : [there, here];
  await ledger.beginPhase("migration");
  for (const to of way) for (const step of migrateSteps(moved, to)) await runner.run(step);
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
  const lost = await placeOf(world, kept);
  const survivor = howtoHosts.find((host) => host !== lost) ?? first;
  screen.chapter(`The power of ${lost}, which runs ${kept}, is cut`);
  await ledger.beginPhase("power cut");
  const cutAtMs = await labKill(lab, lost);
  if (cutAtMs === undefined) throw new UserError("HF7018", `${lost} was off already`);
  screen.command("lab", `holdfast lab kill ${lost}`);
  const answer = await ledger.awaitNews(
    ({ guest, news }) => guest === kept && news.kind === "answers" && news.atMs > cutAtMs,
    answerLimitMs,
  );
  const answersAtMs = answer.news.kind === "answers" ? answer.news.atMs : undefined;
  const init = hostOf(readLab(lab), survivor).init?.pid ?? 0;
  const poweredOnAtMs = guestStartedAtMs(namespaceOf(init, "pid") ?? "", kept);
  const timeline = await runOnHost(lab, survivor, ["holdfast", "timeline", "--json"]);
  const events = parseTimeline(timeline.stdout);
  const failover = { lost, survivor, guest: kept, cutAtMs, poweredOnAtMs, answersAtMs };
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
  await runner.run({ host: survivor, command: "holdfast drbd proc" });
  const json = await runner.run({
    host: survivor,
    command: "drbdsetup status --json --statistics",
    until: { what: "all disks are UpToDate on both hosts", holds: allSettled },
    silent: true,
  });
  findings.resync = resyncFigures(before, parseDiskFigures(json));
  await runner.run({ host: survivor, command: "holdfast drbd proc" });
  for (const [name, { kib_changed, kib_sent }] of Object.entries(findings.resync)) {
    screen.output(`${name}: ${kib_changed} KiB were written meanwhile, ${kib_sent} KiB were sent`);
  }
}

function allSettled(json: string): boolean {
  const figures = parseDiskFigures(json);
  return figures.length > 0 && figures.every((one) => one.settled);
}

async function diskFigures({ lab }: DemoWorld, host: string): Promise<readonly DiskFigures[]> {
  const argv = ["drbdsetup", "status", "--json", "--statistics"];
  return parseDiskFigures((await runOnHost(lab, host, argv)).stdout);
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
