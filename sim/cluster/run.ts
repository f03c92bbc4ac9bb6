/** One run from one seed: first safety under faults, then, when they have healed, all as it should be in bounded time. */
import { assert } from "../../src/base/assert.ts";
import { Prng } from "../../src/base/prng.ts";
import type { ClientReply } from "../../src/core/node/client-requests.ts";
import { withPoisonedGlobalsAsync } from "../kernel/poisoned-globals.ts";
import { Trace } from "../kernel/trace.ts";
import { Administrator } from "./administrator.ts";
import { ClusterFaults } from "./cluster-faults.ts";
import { missing, missingNodes } from "./converged.ts";
import { LawBroken, type Twin } from "./laws/law-watch.ts";
import { brokenWhenSettled } from "./scenario/settled-laws.ts";
import { type Lie, SimCluster } from "./sim-cluster.ts";
import { type ClusterShape, howtoShape, quickTimings } from "./world/cluster-shape.ts";
import { clusterChange } from "./world/howto-cib.ts";

export type RunOptions = {
  readonly seed: bigint;
  /** Chosen by the seed where they are not given. */
  readonly fencing?: boolean;
  readonly deceiving?: boolean;
  readonly lie?: Lie;
  /** Services beside the guests, with faults of their own; so unless false. */
  readonly services?: boolean;
  readonly print?: (line: string) => void;
};

export type RunResult = {
  readonly seed: bigint;
  readonly hash: string;
  readonly fencing: boolean;
  readonly nodes: number;
  readonly virtualMs: number;
  readonly faults: readonly string[];
  /** Records that guests' ledgers acknowledged, and changes of the configuration. */
  readonly acknowledged: number;
  readonly changes: number;
  /** With fencing off and silence that lies: what went wrong, as it must be able to. */
  readonly twins: readonly Twin[];
  /** Undefined: all laws held. */
  readonly failure: string | undefined;
  readonly lastLines: readonly string[];
};

/** After the faults have healed: boots, resyncs and retries included. */
const settleMs = 240_000;

export async function runCluster(options: RunOptions): Promise<RunResult> {
  return await withPoisonedGlobalsAsync(async () => await new Run(options).run());
}

type Job = (done: (reply: ClientReply) => void) => void;

class Run {
  readonly #seed: bigint;
  readonly #cluster: SimCluster;
  readonly #trace: Trace;
  readonly #fencing: boolean;
  readonly #deceiving: boolean;
  readonly #hasServices: boolean;
  #faults: ClusterFaults | undefined;

  constructor(options: RunOptions) {
    const { seed, lie } = options;
    const prng = new Prng(seed ^ 0x5eedn);
    this.#seed = seed;
    this.#hasServices = options.services !== false;
    this.#trace = new Trace(options.print);
    const nodes = prng.chance(0.8) ? 2 : 3;
    const fencing = prng.chance(0.65);
    this.#fencing = options.fencing ?? fencing;
    this.#deceiving = options.deceiving ?? (this.#fencing || prng.chance(0.3));
    this.#cluster = new SimCluster({
      seed,
      shape: nodes === 2 ? howtoShape() : triangle(),
      trace: this.#trace,
      ...(lie === undefined ? {} : { lie }),
      pace: prng.pick([1, 1, 5]),
    });
    this.#cluster.laws.silenceMayErr = !this.#fencing && this.#deceiving;
    this.#cluster.laws.watchesServices = this.#fencing;
  }

  async run(): Promise<RunResult> {
    let failure: string | undefined;
    try {
      await this.#begin();
      await this.#underFaults();
      await this.#settle();
    } catch (error) {
      assert(error instanceof Error, "what is thrown is an error");
      failure = error instanceof LawBroken ? error.message : (error.stack ?? error.message);
    }
    const cluster = this.#cluster;
    return {
      seed: this.#seed,
      hash: this.#trace.hash(),
      fencing: this.#fencing,
      nodes: cluster.shape.nodes.length,
      virtualMs: cluster.nowMs,
      faults: this.#faults?.names() ?? [],
      acknowledged: [...cluster.ledgers.values()].reduce((sum, each) => sum + each.acknowledged, 0),
      changes: this.#faults?.marks.acknowledged ?? 0,
      twins: cluster.laws.twins,
      failure,
      lastLines: this.#trace.lastLines(),
    };
  }

  async #begin(): Promise<void> {
    await this.#cluster.begin();
    const dummies = this.#hasServices ? ["web", "db"] : [];
    await configure(this.#cluster, { fencing: this.#fencing, dummies });
    await this.#demand("a running cluster", 60_000);
  }

  async #underFaults(): Promise<void> {
    const { prng } = this.#cluster.world;
    this.#faults = new ClusterFaults(this.#cluster, {
      fencing: this.#fencing,
      deceiving: this.#deceiving,
    });
    this.#faults.start();
    const end = this.#cluster.nowMs + prng.pick([10_000, 40_000, 120_000]);
    while (this.#cluster.nowMs < end) await this.#cluster.advance(1000);
  }

  async #settle(): Promise<void> {
    const faults = this.#faults;
    faults?.heal();
    // Once two histories were written, a person has to choose between them.
    if (this.#cluster.laws.silenceMayErr) {
      await this.#cluster.advance(20_000);
      return;
    }
    await this.#demand("nodes together", settleMs, () =>
      missingNodes(this.#cluster, { busy: true }),
    );
    await this.#tidyUp();
    await this.#demand("convergence after all has healed", settleMs);
    const person = new Administrator(this.#cluster);
    const [broken] = brokenWhenSettled({ cluster: this.#cluster, person, askWhy: undefined });
    if (broken !== undefined) throw new LawBroken(broken);
    this.#cluster.checkCopies();
    faults?.marks.check();
  }

  /** People look after what failed, and end what they had begun. */
  async #tidyUp(): Promise<void> {
    const person = new Administrator(this.#cluster);
    const [host = ""] = this.#cluster.shape.nodes;
    const { shape, services } = this.#cluster;
    const resources = [...shape.guests.map(({ name }) => name), ...services];
    const jobs = [
      (done: Parameters<Job>[0]) => person.option(host, "maintenance-mode", "false", done),
      ...resources.map(
        (name): Job =>
          (done) =>
            person.cleanup(host, name, "failures", done),
      ),
      ...this.#cluster.shape.nodes.map(
        (node): Job =>
          (done) =>
            person.standby(host, node, false, done),
      ),
    ];
    for (const job of jobs) await this.#persist(job);
  }

  /** What was ordered before all healed may still happen: people ask again. */
  async #persist(job: Job): Promise<void> {
    const end = this.#cluster.nowMs + 60_000;
    let refusal = "a healed cluster does not answer its administrator";
    while (this.#cluster.nowMs < end) {
      let reply: ClientReply | undefined;
      job((given) => {
        reply = given;
      });
      await this.#cluster.until(end - this.#cluster.nowMs, () => reply !== undefined);
      if (reply?.ok === true) return;
      if (reply !== undefined) refusal = `a healed cluster refuses: ${reply.error.message}`;
      await this.#cluster.advance(1000);
    }
    throw new LawBroken(refusal);
  }

  async #demand(
    what: string,
    limitMs: number,
    lacking: () => readonly string[] = () => missing(this.#cluster),
  ): Promise<void> {
    if (await this.#cluster.until(limitMs, () => lacking().length === 0)) return;
    const lacks = lacking().join("; ");
    throw new LawBroken(`no ${what} within ${limitMs / 1000} s: ${lacks}`);
  }
}

/** An administrator loads the configuration into a new cluster. */
export async function configure(
  cluster: SimCluster,
  settings: Parameters<typeof clusterChange>[1],
): Promise<void> {
  const [first = ""] = cluster.shape.nodes;
  cluster.services.push(...(settings.dummies ?? []));
  const person = new Administrator(cluster);
  const hasDc = (): boolean => cluster.host(first).daemon?.status().dc !== undefined;
  assert(await cluster.until(60_000, hasDc), "new nodes find a DC");
  let isDone = false;
  person.change(first, clusterChange(cluster.shape, settings), (reply) => {
    assert(reply.ok, `the configuration is taken: ${JSON.stringify(reply)}`);
    isDone = true;
  });
  assert(await cluster.until(60_000, () => isDone), "the configuration is acknowledged");
}

/** Three hosts, each pair of two with a guest. */
function triangle(): ClusterShape {
  const guest = (name: string, a: string, b: string): ClusterShape["guests"][number] => ({
    name,
    drbdResources: [`${name}_root`],
    nodes: [a, b],
  });
  return {
    nodes: ["xen1", "xen2", "xen3"],
    guests: [guest("host1", "xen1", "xen2"), guest("host2", "xen2", "xen3")],
    timings: quickTimings,
  };
}
