/** Changes that were not acknowledged for another reason than what they say: who is told what to do. */
import type { ChangeFailure, ChangeFailureCode, ChangeOutcome } from "./types.ts";

type Words = { readonly exit: number; readonly remedy: string };

const words: Readonly<Record<ChangeFailureCode, Words>> = {
  /** No quorum. */
  HF4500: {
    exit: 106,
    remedy:
      "Bring the other nodes back, or force the change: it may then be lost when they return.",
  },
  /** Nothing changed: the DC cannot store it. */
  HF4501: { exit: 74, remedy: "Mend the disk of that node (is it full?) and try again." },
  /** Outcome unknown. */
  HF4502: {
    exit: 112,
    remedy: "Look whether the change is there (cibadmin --query) before asking again.",
  },
  /** Too many wait. */
  HF4503: { exit: 75, remedy: "Nothing was changed. Try again in a moment." },
  /** No DC. */
  HF4504: { exit: 102, remedy: "Nothing was changed. Try again when the cluster has a DC." },
  /** In effect, but not stored everywhere. */
  HF4505: {
    exit: 74,
    remedy: "The change is in effect. Mend the disk of that node (is it full?): it tries again.",
  },
  /** Another version than expected. */
  HF4506: { exit: 103, remedy: "Nothing was changed. Look at the CIB as it is now." },
};

function changeFailure(code: ChangeFailureCode, message: string): ChangeFailure {
  return { code, message, ...words[code] };
}

export function failedChange(code: ChangeFailureCode, message: string): ChangeOutcome {
  return { ok: false, failure: changeFailure(code, message) };
}
