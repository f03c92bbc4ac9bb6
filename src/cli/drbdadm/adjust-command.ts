/** `drbdadm adjust`: make a resource run as drbd.conf says now. */
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { adjustDifference, isNothing } from "./adjust-difference.ts";
import { askDisk } from "./disk-client.ts";
import { serveAnew } from "./hand-over.ts";
import { attachSteps, connectStep, upPlan } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import type { Plan, Step } from "./step.ts";

const ifNeeded = { ifNeeded: true };

/** A resource that is not up is brought up; one that is gets what differs. */
export async function adjustPlan(selected: readonly Selected[]): Promise<Plan> {
  const plans = await Promise.all(selected.map(planOf));
  const stages = Math.max(0, ...plans.map((plan) => plan.length));
  return Array.from({ length: stages }, (_, i) => plans.flatMap((plan) => plan[i] ?? []));
}

async function planOf(one: Selected): Promise<Plan> {
  const { resource } = one;
  const { name } = resource;
  const config = (await askDisk(name, "show", {})) as DrbdResourceConfig | undefined;
  const status = await askDisk(name, "status", {});
  if (config === undefined || status === undefined) return upPlan([one]);
  const difference = adjustDifference(resource, { config, status });
  if (isNothing(difference)) return [[], [], []];
  const { changes, disks, net, connect } = difference;
  const words = (all: readonly (readonly string[])[]): readonly Step[] =>
    all.map((each) => ({ resource: name, words: each, run: undefined }));
  // One request does all that is a change of options, whichever commands stand for it: it comes first.
  const handOver: Step = {
    resource: name,
    words: [],
    run: async () => {
      await serveAnew(resource);
      return 0;
    },
  };
  return [
    [handOver, ...words(changes)],
    disks.flatMap((each) =>
      "number" in each ? attachSteps(resource, [each], ifNeeded) : words([each]),
    ),
    [...words(net), ...(connect ? [connectStep(resource, ifNeeded)] : [])],
    reattachSteps(one),
  ];
}

/** After a new start all disks and the connection come back, also those that did not differ; nothing to print. */
function reattachSteps({ resource, volumes }: Selected): readonly Step[] {
  const silent = (step: Step): Step => ({ ...step, words: [] });
  return [
    ...attachSteps(resource, volumes, ifNeeded).map(silent),
    silent(connectStep(resource, ifNeeded)),
  ];
}
