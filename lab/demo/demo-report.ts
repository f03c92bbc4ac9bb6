/** What the demo measured, in the form of its JSON file, and whether it may call itself a success. */
import type { PhaseReport, Verdict } from "../ledger/ledger-account.ts";
import type { DoneStep } from "./demo-step.ts";
import type { ResyncFigures } from "./disk-figures.ts";
import type { FailoverTimes } from "./failover-times.ts";

export type DemoReport = {
  readonly steps: readonly DoneStep[];
  readonly guests: Readonly<Record<string, GuestReport>>;
  readonly failover: FailoverTimes;
  readonly migration: Readonly<Record<string, MigrationReport>>;
  readonly resync: ResyncFigures;
  readonly ok: boolean;
  /** Why not ok, as sentences; also what the demo ended with, if it did not come to its end. */
  readonly failures: readonly string[];
};

export type GuestReport = Verdict & { readonly outage_s: number };

export type MigrationReport = { readonly restarted: boolean; readonly silence_s: number };

/** What is gathered while the demo runs. */
export type DemoFindings = {
  verdicts: Readonly<Record<string, Verdict | undefined>>;
  /** The phase of the power cut, by guest. */
  outage: Readonly<Record<string, PhaseReport | undefined>>;
  /** The phase of the migration of the guest that was migrated. */
  migration: { readonly guest: string; readonly phase: PhaseReport | undefined } | undefined;
  failover: FailoverTimes;
  resync: ResyncFigures;
};

export function newFindings(): DemoFindings {
  return {
    verdicts: {},
    outage: {},
    migration: undefined,
    failover: { declared_dead_s: null, promoted_s: null, powered_on_s: null, answers_s: null },
    resync: {},
  };
}

/** @param guests whose verdict there must be. @param failure what ended the demo early, if anything did. */
export function demoReport(
  steps: readonly DoneStep[],
  findings: DemoFindings,
  guests: readonly string[],
  failure?: string,
): DemoReport {
  // What the demo did not come to is no finding.
  const failures = failure === undefined ? faults(findings, guests) : [failure];
  const { migration } = findings;
  return {
    steps,
    guests: Object.fromEntries(
      guests.flatMap((name) => {
        const verdict = findings.verdicts[name];
        const outage_s = seconds(findings.outage[name]?.silenceMs ?? 0);
        return verdict === undefined ? [] : [[name, { ...verdict, outage_s }]];
      }),
    ),
    failover: findings.failover,
    migration:
      migration === undefined ? {} : { [migration.guest]: migrationReport(migration.phase) },
    resync: findings.resync,
    ok: failures.length === 0,
    failures,
  };
}

function faults(findings: DemoFindings, guests: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const name of guests) {
    const verdict = findings.verdicts[name];
    if (verdict === undefined) found.push(`${name}: no verdict`);
    else if (verdict.acknowledged === 0) found.push(`${name}: nothing was acknowledged`);
    else if (verdict.lost > 0) found.push(`${name}: ${verdict.lost} acknowledged records are lost`);
    if (verdict !== undefined && verdict.doubled > 0) {
      found.push(`${name}: ${verdict.doubled} records are there twice`);
    }
  }
  const phase = findings.migration?.phase;
  if (phase === undefined) found.push("no guest was migrated");
  else if (phase.acknowledged === 0) {
    found.push(`${findings.migration?.guest} gave no word during its migration`);
  } else if (migrationReport(phase).restarted) {
    found.push(`${findings.migration?.guest} was restarted instead of migrated live`);
  }
  for (const [name, value] of Object.entries(findings.failover)) {
    if (value === null) found.push(`the failover's ${name} is not known`);
  }
  return found;
}

function migrationReport(phase: PhaseReport | undefined): MigrationReport {
  // More than one boot id seen during the migration, or no word from the guest at all: it did not just go on.
  const restarted = phase === undefined || phase.boots.length !== 1 || phase.acknowledged === 0;
  return { restarted, silence_s: seconds(phase?.silenceMs ?? 0) };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
