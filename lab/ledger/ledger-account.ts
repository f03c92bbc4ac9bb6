/**
 * The books of one guest's ledger, as the client keeps them: what was acknowledged when, how long the guest was
 * silent in which phase, how often it has booted; and in the end the verdict. Times are ms of one clock.
 */
import { assert } from "../../src/base/assert.ts";
import { ledgerRecord } from "./ledger-protocol.ts";

export type PhaseReport = {
  readonly phase: string;
  readonly acknowledged: number;
  /** The longest time within the phase without an acknowledgement. */
  readonly silenceMs: number;
  readonly boots: readonly string[];
};

export type Verdict = {
  readonly acknowledged: number;
  readonly present: number;
  /** Acknowledged, and not in the ledger, or not as it was sent. */
  readonly lost: number;
  readonly doubled: number;
  /** Different boot ids seen. */
  readonly boots: number;
};

type Phase = {
  readonly name: string;
  acknowledged: number;
  silenceMs: number;
  lastMs: number;
  readonly boots: string[];
};

export class LedgerAccount {
  readonly #run: string;
  readonly #firstNumber: number;
  readonly #times: number[] = [];
  readonly #boots: string[] = [];
  #phase: Phase;

  /** @param firstNumber the number of the first record that this client sends. */
  constructor(run: string, firstNumber: number, nowMs: number) {
    this.#run = run;
    this.#firstNumber = firstNumber;
    this.#phase = newPhase("start", nowMs);
  }

  /** The record to send next: it stays the same until it is acknowledged. */
  get nextNumber(): number {
    return this.#firstNumber + this.#times.length;
  }

  get acknowledged(): number {
    return this.#times.length;
  }

  get lastAcknowledgedMs(): number | undefined {
    return this.#times.at(-1);
  }

  get bootIds(): readonly string[] {
    return this.#boots;
  }

  /** @returns whether it is a boot that was not known before. */
  onBoot(id: string): boolean {
    if (!this.#phase.boots.includes(id)) this.#phase.boots.push(id);
    if (this.#boots.includes(id)) return false;
    this.#boots.push(id);
    return true;
  }

  onAcknowledged(number: number, nowMs: number): void {
    assert(number === this.nextNumber, "records are acknowledged one by one");
    this.#times.push(nowMs);
    const phase = this.#phase;
    phase.acknowledged += 1;
    phase.silenceMs = Math.max(phase.silenceMs, nowMs - phase.lastMs);
    phase.lastMs = nowMs;
  }

  /** Ends the present phase and begins another. @returns the report of the one that ends. */
  beginPhase(name: string, nowMs: number): PhaseReport {
    const { name: phase, acknowledged, silenceMs, lastMs, boots } = this.#phase;
    this.#phase = newPhase(name, nowMs);
    const report = { phase, acknowledged, silenceMs: Math.max(silenceMs, nowMs - lastMs), boots };
    // The guest that runs when a phase begins belongs to it.
    const present = this.#boots.at(-1);
    if (present !== undefined) this.#phase.boots.push(present);
    return report;
  }

  /** When the first record after that moment was acknowledged. */
  firstAcknowledgedAfter(ms: number): number | undefined {
    return this.#times.find((time) => time > ms);
  }

  /** @param lines the ledger as it was read back, whole. */
  verdict(lines: readonly string[]): Verdict {
    const seen = new Map<string, number>();
    const numbers = new Map<string, number>();
    for (const line of lines) {
      seen.set(line, (seen.get(line) ?? 0) + 1);
      const number = line.split(" ", 1)[0] ?? "";
      numbers.set(number, (numbers.get(number) ?? 0) + 1);
    }
    const sent = this.#times.map((_, index) => ledgerRecord(this.#run, this.#firstNumber + index));
    return {
      acknowledged: sent.length,
      present: lines.length,
      lost: sent.filter((line) => !seen.has(line)).length,
      doubled: [...numbers.values()].filter((count) => count > 1).length,
      boots: this.#boots.length,
    };
  }
}

function newPhase(name: string, nowMs: number): Phase {
  return { name, acknowledged: 0, silenceMs: 0, lastMs: nowMs, boots: [] };
}
