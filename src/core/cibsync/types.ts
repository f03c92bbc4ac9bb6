/** What nodes tell each other of their CIBs. */
import type { CibRefusal } from "../cib/refusal.ts";
import type { CibVersion } from "../cib/version.ts";

/**
 * Which of two configurations is the newer: admin_epoch, then epoch, then the term of the DC that wrote it. The status
 * does not count. (docs/design/cluster.md says why the term is needed.)
 */
export type Generation = {
  readonly adminEpoch: number;
  readonly epoch: number;
  readonly term: number;
};

/** One configuration that was the cluster's: an older copy that stands in the lineage of a newer one loses nothing. */
export type LineageEntry = Generation & { readonly digest: string };

/** Why a change was not acknowledged. */
export type ChangeFailure =
  | CibRefusal
  | {
      readonly code: "HF4500" | "HF4501" | "HF4502" | "HF4503" | "HF4504" | "HF4505" | "HF4506";
      readonly exit: number;
      readonly message: string;
      readonly remedy?: string;
    };

export type ChangeOutcome =
  | { readonly ok: true; readonly version: CibVersion; readonly touched: string }
  | { readonly ok: false; readonly failure: ChangeFailure };
