/** Runs a story and compares what came of it with what is expected. */
import { assert } from "../../../src/base/assert.ts";
import { withPoisonedGlobalsAsync } from "../../kernel/poisoned-globals.ts";
import { Trace } from "../../kernel/trace.ts";
import { Administrator } from "../administrator.ts";
import { missing } from "../converged.ts";
import { LawBroken } from "../laws/law-watch.ts";
import { configure } from "../run.ts";
import { SimCluster } from "../sim-cluster.ts";
import { type ClusterShape, howtoShape } from "../world/cluster-shape.ts";
import { lacking } from "./conditions.ts";
import type { Scenario } from "./scenario.ts";
import { brokenWhenSettled } from "./settled-laws.ts";
import { runStep } from "./steps.ts";
import type { AskWhy, Story } from "./story.ts";
import { type StoryEvent, StoryEvents } from "./story-events.ts";

export type StoryResult = {
  readonly events: readonly StoryEvent[];
  /** One sentence each; empty when all came as expected. */
  readonly failures: readonly string[];
};

const beginMs = 60_000;

export async function runScenario(
  scenario: Scenario,
  options: { readonly print?: (line: string) => void; readonly askWhy?: AskWhy } = {},
): Promise<StoryResult> {
  return await withPoisonedGlobalsAsync(async () => {
    const events = new StoryEvents();
    const trace = new Trace(options.print);
    const shape = shapeOf(scenario);
    const cluster = new SimCluster({ seed: 1n, shape, trace, watcher: events });
    cluster.laws.silenceMayErr = scenario.silenceMayErr;
    try {
      const { askWhy } = options;
      const person = new Administrator(cluster);
      const failures = await tell(scenario, { cluster, person, askWhy }, events);
      return { events: events.all, failures };
    } catch (error) {
      assert(error instanceof Error, "what is thrown is an error");
      const text = error instanceof LawBroken ? error.message : (error.stack ?? error.message);
      return { events: events.all, failures: [text] };
    }
  });
}

async function tell(
  scenario: Scenario,
  story: Story,
  events: StoryEvents,
): Promise<readonly string[]> {
  const { cluster } = story;
  await cluster.begin();
  const { devices, ...settings } = scenario;
  await configure(cluster, { ...settings, ...(devices === undefined ? {} : { devices }) });
  if (!(await cluster.until(beginMs, () => missing(cluster).length === 0)))
    return [`it does not begin: ${missing(cluster).join("; ")}`];
  events.all.length = 0;
  events.begin(cluster);
  for (const { line, text } of scenario.steps) {
    cluster.trace(`story: ${text}`);
    const failure = await runStep(story, text);
    if (failure !== undefined) return [`line ${line}: ${failure}`];
  }
  const end = scenario.finally.flatMap((text) =>
    lacking(story, text).map((why) => `finally ${text}: ${why}`),
  );
  return [...end, ...brokenWhenSettled(story), ...unmet(scenario, events.all)];
}

/** Expected events that did not come. What begins with the same word comes in its order; others are not compared. */
function unmet({ expect }: Scenario, events: readonly StoryEvent[]): readonly string[] {
  const from = new Map<string, number>();
  for (const { line, text } of expect) {
    const about = text.split(" ")[0] ?? "";
    const start = from.get(about) ?? 0;
    const found = events.findIndex((event, i) => i >= start && event.text === text);
    if (found < 0) return [`line ${line}: "${text}" did not come`];
    from.set(about, found + 1);
  }
  return [];
}

function shapeOf({ nodes, guests, remotes, nodesInside }: Scenario): ClusterShape {
  const howto = howtoShape(guests);
  const [a = "xen1", b = "xen2"] = nodes;
  return {
    ...howto,
    nodes,
    remotes,
    guests: howto.guests.map((guest) => {
      const nodeInside = nodesInside[guest.name];
      return { ...guest, nodes: [a, b], ...(nodeInside !== undefined && { nodeInside }) };
    }),
  };
}
