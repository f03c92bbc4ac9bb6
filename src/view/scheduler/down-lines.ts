/** What is meant to run and will not, a line each with its cause. */
import { downCodes } from "../../api/down-codes.ts";
import { causeText } from "../../decision/reason-words.ts";
import type { DownCause, Reasons } from "../../decision/reasons.ts";

const meant: ReadonlySet<DownCause["kind"]> = new Set(["removed", "disabled", "surplus-instance"]);

export function downLines({ resources }: Reasons): readonly string[] {
  return resources.flatMap(({ resource, down }) =>
    down === undefined || meant.has(down.kind)
      ? []
      : [`${resource}: ${causeText(down)} [${downCodes[down.kind]}]`],
  );
}
