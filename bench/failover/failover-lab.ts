/** The lab of the failover benchmark: set up with the how-to's steps, then cut and brought back again and again. */
import type { DemoStep } from "../../lab/demo/demo-step.ts";
import { runChapter } from "../../lab/demo/demo-world.ts";
import { allSettled } from "../../lab/demo/disk-figures.ts";
import { type FailoverTimes, failoverTimes } from "../../lab/demo/failover-times.ts";
import { answerLimitMs, placeOf, startLedger } from "../../lab/demo/guest-news.ts";
import { loadHowtoFiles } from "../../lab/demo/howto-files.ts";
import {
  configure,
  guestSystems,
  howtoHosts,
  onlineStep,
  quiet,
  replication,
  startDaemons,
  startGuests,
  volumes,
} from "../../lab/demo/howto-steps.ts";
import { cutPowerOf } from "../../lab/demo/power-cut.ts";
import { putFiles } from "../../lab/demo/put-files.ts";
import { newScreen } from "../../lab/demo/screen.ts";
import { newStepRunner, type StepRunner } from "../../lab/demo/step-runner.ts";
import { commandOnHost, labBoot, labDown, labUp } from "../../lab/lab.ts";
import type { Verdict } from "../../lab/ledger/ledger-account.ts";
import type { LedgerSession } from "../../lab/ledger/ledger-session.ts";
import { assert, present } from "../../src/base/assert.ts";

const guest = "host1";

export class FailoverLab {
  readonly name: string;
  readonly #screen = newScreen({ write: () => {} }, false);
  readonly #runner: StepRunner;
  #ledger: LedgerSession | undefined;
  /** The host that is off. */
  #lost: string | undefined;

  constructor(name: string) {
    this.name = name;
    const enter = (host: string, argv: readonly string[]): readonly string[] =>
      commandOnHost(name, host, argv);
    this.#runner = newStepRunner(enter, this.#screen, new AbortController().signal);
  }

  /** @param directory the how-to's files. Done when both guests answer and the cluster is quiet. */
  async up(directory: string): Promise<void> {
    const files = loadHowtoFiles(directory);
    await labUp({ name: this.name, hosts: howtoHosts.length });
    const world = { lab: this.name, files, screen: this.#screen, runner: this.#runner };
    putFiles(world);
    for (const chapter of [volumes, replication, guestSystems, startDaemons, startGuests])
      await runChapter(world, chapter);
    this.#ledger = await startLedger({ ...world, onEnd: () => {} });
    await runChapter(world, configure);
    await this.#awaitSync(howtoHosts[0]);
  }

  /** Cuts the power of the host that runs the guest. */
  async powerCut(): Promise<FailoverTimes> {
    assert(this.#lost === undefined, "both hosts are on");
    const ledger = present(this.#ledger, "the ledger client");
    const lost = await placeOf(this.name, guest);
    const survivor = howtoHosts.find((host) => host !== lost) ?? howtoHosts[0];
    this.#lost = lost;
    const { failover, events } = await cutPowerOf(
      { lab: this.name, lost, survivor, guest },
      ledger,
    );
    return failoverTimes(failover, events);
  }

  /** Until both copies are the same and the cluster has nothing to do. */
  async bringBack(): Promise<void> {
    const lost = present(this.#lost, "the host that is off");
    const survivor = howtoHosts.find((host) => host !== lost) ?? howtoHosts[0];
    await labBoot(this.name, lost);
    this.#lost = undefined;
    await this.#awaitSync(survivor);
    await this.#run({ ...onlineStep, host: survivor });
    await this.#run({ ...quiet, host: survivor });
  }

  async finish(): Promise<Readonly<Record<string, Verdict | undefined>>> {
    return await present(this.#ledger, "the ledger client").finish(answerLimitMs);
  }

  abandon(): void {
    this.#ledger?.abandon();
  }

  async down(): Promise<void> {
    this.abandon();
    await labDown(this.name);
  }

  async #awaitSync(host: string): Promise<void> {
    const until = { what: "all disks are UpToDate on both hosts", holds: allSettled };
    await this.#run({ host, command: "drbdsetup status --json --statistics", until });
  }

  async #run(step: DemoStep): Promise<void> {
    await this.#runner.run(step);
  }
}
