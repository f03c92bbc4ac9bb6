/** Changes a CIB at random in ways that administrators and failures do: the configuration stays one that can be read. */
import type { Prng } from "../../../src/base/prng.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import { anyMutations } from "./mutations/any-mutations.ts";
import { bundleMutations } from "./mutations/bundle-mutations.ts";
import type { Mutation } from "./mutations/change-tree.ts";
import { constraintMutations } from "./mutations/constraint-mutations.ts";
import { historyMutations } from "./mutations/history-mutations.ts";
import { nodeMutations } from "./mutations/node-mutations.ts";
import { optionMutations } from "./mutations/option-mutations.ts";
import { remoteMutations } from "./mutations/remote-mutations.ts";
import { resourceMutations } from "./mutations/resource-mutations.ts";
import { ruleMutations } from "./mutations/rule-mutations.ts";
import { structureMutations, withoutDangling } from "./mutations/structure-mutations.ts";

const areas: readonly (readonly Mutation[])[] = [
  optionMutations,
  resourceMutations,
  structureMutations,
  constraintMutations,
  nodeMutations,
  historyMutations,
  ruleMutations,
  bundleMutations,
  remoteMutations,
  anyMutations,
];

export type MutatedCib = {
  readonly cib: XmlElement;
  /** What was changed, in words. */
  readonly features: ReadonlySet<string>;
};

/** @param times how many changes; one that finds nothing to change counts. */
export function mutateCib(cib: XmlElement, prng: Prng, times: number): MutatedCib {
  let mutated = cib;
  const features = new Set<string>();
  for (let i = 0; i < times; i++) {
    const { feature, change } = prng.pick(prng.pick(areas));
    const changed = change(mutated, prng);
    if (changed === mutated) continue;
    features.add(feature);
    mutated = changed;
  }
  return { cib: withoutDangling(mutated), features };
}
