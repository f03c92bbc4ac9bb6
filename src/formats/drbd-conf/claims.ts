/**
 * What may be used once: names of resources, sections, minors, addresses with ports. The keys are drbdadm's own
 * (check_uniq), so that the same things collide.
 */
import { type Place, printPlace } from "../config-text/place.ts";
import type { Report } from "../config-text/report.ts";

export type Claims = {
  /** Says so when the key is taken. */
  claim(what: string, key: string, place: Place): void;
};

export function newClaims(report: Report): Claims {
  const taken = new Map<string, Place>();
  return {
    claim: (what, key, place) => {
      const first = taken.get(key);
      if (first === undefined) {
        taken.set(key, place);
        return;
      }
      report.error("HF1055", {
        place,
        message: `${what} \`${key}\` is used already, at ${printPlace(first)}`,
        remedy: "Give it another, or remove one of the two.",
      });
    },
  };
}
