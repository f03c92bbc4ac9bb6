/** What the ledger client is told and what it says, as lines of JSON. */
import type { PhaseReport, Verdict } from "./ledger-account.ts";
import type { LedgerNews } from "./ledger-client.ts";

export type LedgerOrder =
  /** Ends the present phase and begins one of that name. */
  | { readonly order: "phase"; readonly name: string }
  | { readonly order: "count" }
  /** Stops appending, reads all ledgers back, and ends the client. */
  | { readonly order: "finish"; readonly limitMs: number };

export type LedgerWord =
  | { readonly word: "news"; readonly guest: string; readonly news: LedgerNews }
  | {
      readonly word: "phase";
      readonly atMs: number;
      /** By guest; absent for one that has not answered yet. */
      readonly reports: Readonly<Record<string, PhaseReport | undefined>>;
    }
  | {
      readonly word: "count";
      readonly guests: Readonly<
        Record<string, { readonly acknowledged: number; readonly bootIds: readonly string[] }>
      >;
    }
  | { readonly word: "verdict"; readonly guests: Readonly<Record<string, Verdict | undefined>> }
  | { readonly word: "failed"; readonly code: string; readonly message: string };
