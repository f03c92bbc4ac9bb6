/** What nodes tell each other of their CIBs, and the alphabet of the part that keeps them the same. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { ChangeOrigin, CibChange } from "../cib/change.ts";
import type { Generation } from "../cib/generation.ts";
import type { CibRefusal } from "../cib/refusal.ts";
import type { CibVersion } from "../cib/version.ts";

/** One configuration that was the cluster's: an older copy that stands in the lineage of a newer one loses nothing. */
export type LineageEntry = Generation & { readonly digest: string };

/** Messages of which each belongs to one DC's term. */
export type CibMessage =
  /** From the DC: the cluster's CIB from now on, after which changes are counted from `sequence`. */
  | {
      readonly kind: "cib-whole";
      readonly term: number;
      readonly sequence: number;
      readonly cib: XmlElement;
      readonly lineage: readonly LineageEntry[];
    }
  /** From the DC: one change more. `entry` when it touches the configuration: what it must come to. */
  | {
      readonly kind: "cib-change";
      readonly term: number;
      readonly sequence: number;
      readonly change: CibChange;
      readonly origin?: ChangeOrigin;
      readonly entry?: LineageEntry;
    }
  /** From a follower: what came did not fit. */
  | { readonly kind: "want-whole"; readonly term: number }
  /** From a follower: the configuration is on its stable storage, or could not be put there. */
  | {
      readonly kind: "cib-stored";
      readonly term: number;
      readonly entry: LineageEntry;
      readonly error?: string;
    };

export type CibSyncEvent =
  | { readonly kind: "wake" }
  /** This node decides from now on; changes of the configuration wait until `open`. */
  | { readonly kind: "become-dc"; readonly term: number }
  /** Everybody who could join has joined. */
  | { readonly kind: "open" }
  | { readonly kind: "follow"; readonly dc: string; readonly term: number }
  /** No DC is obeyed. */
  | { readonly kind: "be-alone" }
  /** It gets the whole, and every change from now on; its stable storage counts. */
  | { readonly kind: "add-follower"; readonly node: string }
  | { readonly kind: "drop-follower"; readonly node: string }
  /** Before `open`: a joiner's CIB takes the place of this node's. */
  | {
      readonly kind: "adopt";
      readonly cib: XmlElement;
      readonly lineage: readonly LineageEntry[];
      /** Its status is better, too: this node has only started. */
      readonly withStatus: boolean;
    }
  | { readonly kind: "quorum"; readonly quorate: boolean }
  /** The cluster's own record of what it observes. */
  | { readonly kind: "status"; readonly change: CibChange }
  /** A change that somebody asked for; without an id nobody waits for the answer. */
  | {
      readonly kind: "request";
      readonly id: number | undefined;
      readonly change: CibChange;
      readonly origin: ChangeOrigin;
      readonly expected?: CibVersion;
      readonly force?: boolean;
    }
  | { readonly kind: "message"; readonly from: string; readonly message: CibMessage }
  | { readonly kind: "written"; readonly token: number; readonly error?: string };

export type CibSyncEffect =
  | { readonly kind: "send"; readonly to: string; readonly message: CibMessage }
  | WriteStable
  | { readonly kind: "answer"; readonly id: number; readonly outcome: ChangeOutcome }
  /** The CIB is another one. `settled`: the configuration is stable everywhere, and may be acted on. */
  | {
      readonly kind: "changed";
      readonly touched: "configuration" | "status";
      readonly byClient: boolean;
    }
  | { readonly kind: "settled" }
  /** It has the same CIB, on stable storage. */
  | { readonly kind: "follower-synced"; readonly node: string }
  | CibSyncNotice;

export type WriteStable = {
  readonly kind: "write-file";
  readonly token: number;
  readonly path: string;
  readonly text: string;
};

export type CibSyncNotice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  readonly code: "cib-adopted" | "HF4507" | "HF4508" | "HF4509" | "HF4510";
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
};

export type ChangeFailureCode =
  | "HF4500"
  | "HF4501"
  | "HF4502"
  | "HF4503"
  | "HF4504"
  | "HF4505"
  | "HF4506";

/** Why a change was not acknowledged. */
export type ChangeFailure =
  | CibRefusal
  | {
      readonly code: ChangeFailureCode;
      /** The exit code that cibadmin gives for it. */
      readonly exit: number;
      readonly message: string;
      readonly remedy?: string;
    };

export type ChangeOutcome =
  | { readonly ok: true; readonly version: CibVersion; readonly touched: string }
  | { readonly ok: false; readonly failure: ChangeFailure };
