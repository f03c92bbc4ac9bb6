/** `drbdadm adjust`: make a resource run as drbd.conf says now. */
import type { DrbdResourceConfig, DrbdSetOption } from "../../formats/drbd-conf/resource-config.ts";
import { askDisk } from "./disk-client.ts";
import { upPlan } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import { addressWords, setup } from "./setup-words.ts";
import type { Plan, Step } from "./step.ts";

/** A resource that is not up is brought up; one that is gets the options that differ. */
export async function adjustPlan(selected: readonly Selected[]): Promise<Plan> {
  const plans = await Promise.all(selected.map(planOf));
  const stages = Math.max(0, ...plans.map((plan) => plan.length));
  return Array.from({ length: stages }, (_, i) => plans.flatMap((plan) => plan[i] ?? []));
}

async function planOf(one: Selected): Promise<Plan> {
  const { resource } = one;
  const running = (await askDisk(resource.name, "show", {})) as DrbdResourceConfig | undefined;
  const [first, ...rest] = upPlan([one]);
  if (running === undefined) return [first ?? [], ...rest];
  // The first step of `up` hands over the configuration; the commands that the real drbdadm would run for it are
  // those that set the options that differ.
  const handOver = first?.[0]?.run;
  const words = differenceWords(resource, running);
  const steps = words.map(
    (each): Step => ({ resource: resource.name, words: each, run: undefined }),
  );
  const [head, ...others] = steps;
  if (head === undefined || handOver === undefined) return [[], [], []];
  return [[{ ...head, run: handOver }, ...others], [], []];
}

function differenceWords(
  wanted: DrbdResourceConfig,
  running: DrbdResourceConfig,
): readonly (readonly string[])[] {
  const net = changed(wanted.set.net, running.set.net);
  const commands: (readonly string[])[] = [];
  if (net.length > 0) commands.push(setup("net-options", ...addressWords(wanted), ...net));
  for (const volume of wanted.volumes) {
    const old = running.volumes.find((each) => each.number === volume.number);
    const disk = changed(volume.set, old?.set ?? []);
    if (disk.length > 0) commands.push(setup("disk-options", volume.minor, ...disk));
  }
  return commands;
}

/** Options that are set otherwise, or not any more. */
function changed(
  wanted: readonly DrbdSetOption[],
  running: readonly DrbdSetOption[],
): readonly string[] {
  const isIn = (options: readonly DrbdSetOption[], one: DrbdSetOption): boolean =>
    options.some((other) => other.name === one.name && other.value === one.value);
  const set = wanted.filter((one) => !isIn(running, one));
  const unset = running.filter((one) => !wanted.some((other) => other.name === one.name));
  return [
    ...set.map(({ name, value }) => `--${name}=${value}`),
    ...unset.map(({ name }) => `--set-defaults --${name}`),
  ];
}
