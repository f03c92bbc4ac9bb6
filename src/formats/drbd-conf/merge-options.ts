/**
 * Own options before inherited ones, as drbdadm merges them (expand_opts): each inherited option that is not there
 * yet is put in front of all others. So the order is the one in which drbdadm hands options to drbdsetup.
 */
import type { DrbdOption } from "./drbd-conf.ts";

export function mergeOptions(
  own: readonly DrbdOption[],
  ...inherited: readonly (readonly DrbdOption[])[]
): readonly DrbdOption[] {
  const merged = [...own];
  for (const options of inherited) {
    for (const option of options) {
      if (!merged.some((each) => each.name === option.name)) merged.unshift(option);
    }
  }
  return merged;
}

/** The option that counts: of several with one name the last. */
export function findOption(options: readonly DrbdOption[], name: string): DrbdOption | undefined {
  return options.findLast((option) => option.name === name);
}
