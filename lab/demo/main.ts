/**
 * `npm run demo`. Exit code 0 when the whole story was told and nothing was lost, 1 when not, 2 for arguments that
 * make no sense, 130 when interrupted. It takes its lab away unless it ends well in a terminal, or has --keep.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { findGuestKernel } from "../guest/guest-kernel.ts";
import { repository } from "../host/host-root.ts";
import { commandOnHost, isLabOff, labDown, labUp } from "../lab.ts";
import { checkMachine } from "../machine/check-machine.ts";
import { tellDemo } from "./demo.ts";
import { type DemoArguments, demoHelp, parseDemoArguments } from "./demo-arguments.ts";
import { type DemoReport, demoReport, newFindings } from "./demo-report.ts";
import { loadHowtoFiles } from "./howto-files.ts";
import { howtoGuests, howtoHosts } from "./howto-steps.ts";
import { newScreen, type Screen } from "./screen.ts";
import { newStepRunner } from "./step-runner.ts";

const screen = newScreen(process.stdout, process.stdout.isTTY === true);
process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const parsed = parseDemoArguments(words);
  if (!parsed.ok) {
    process.stderr.write(`demo: ${parsed.error}\n${demoHelp}`);
    return 2;
  }
  if (parsed.value.help) {
    process.stdout.write(demoHelp);
    return 0;
  }
  try {
    return await runDemo(parsed.value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    sayError(error);
    return 1;
  }
}

async function runDemo(args: DemoArguments): Promise<number> {
  // All that can be found out before anything is made.
  const dir = path.resolve(args.files ?? path.join(repository, "examples/howto"));
  const files = loadHowtoFiles(dir);
  checkMachine();
  findGuestKernel();
  screen.heading(
    "Holdfast: two hosts run the how-to's two guests; one dies, and its guests run on.",
  );
  screen.output(`Files: ${dir}`);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(new UserError("HF7018", `interrupted (${signal})`)));
  }
  const enter = (host: string, argv: readonly string[]): readonly string[] =>
    commandOnHost(args.name, host, argv);
  const runner = newStepRunner(enter, screen, interrupted.signal);
  const findings = newFindings();
  if (isLabOff(args.name)) {
    screen.output("What an earlier demo left, two hosts that are off, is taken away.");
    await labDown(args.name);
  }
  // Not ours to take away: a lab of this name in which a host runs ends the demo here.
  await labUp({ name: args.name, hosts: howtoHosts.length });
  const ends: (() => void)[] = [];
  let failure: string | undefined;
  try {
    interrupted.signal.throwIfAborted();
    const world = { lab: args.name, files, screen, runner, findings };
    const story = tellDemo({ ...world, onEnd: (end) => ends.push(end) });
    await Promise.race([story, rejectedWhen(interrupted.signal)]);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    if (error instanceof UserError) sayError(error);
    else screen.failure(error instanceof Error ? (error.stack ?? error.message) : failure);
  } finally {
    for (const end of ends) end();
  }
  const guests = howtoGuests.map((guest) => guest.name);
  const report = demoReport(runner.done, findings, guests, failure);
  if (args.json !== undefined) {
    writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (failure === undefined) for (const text of report.failures) screen.failure(text);
  await endDemo(args, report);
  return interrupted.signal.aborted ? 130 : report.ok ? 0 : 1;
}

async function endDemo(args: DemoArguments, report: DemoReport): Promise<void> {
  screen.heading("");
  if (report.ok) screen.good("Nothing acknowledged was lost.");
  const isForPeople = report.ok && !args.exit && process.stdout.isTTY === true;
  const staysUp = args.keep || isForPeople;
  if (!staysUp) {
    await labDown(args.name);
    return;
  }
  const lab = `bin/holdfast lab`;
  const name = `--name ${args.name}`;
  screen.output(`
The lab is left up. To look around:
  ${lab} status ${name}
  ${lab} shell xen1 ${name}          then: holdfast status, crm_mon, drbdadm status
  ${lab} kill xen2 ${name}           another power cut; boot xen2 brings it back
To end it:
  ${lab} down ${name}`);
}

function rejectedWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

function sayError(error: UserError, to: Screen = screen): void {
  to.failure(`${error.message} (${error.code})`);
  if (error.remedy !== undefined) to.output(error.remedy);
}
