/**
 * Which of two configurations on different nodes is the newer: admin_epoch, then epoch, then the term of the DC that
 * wrote it. The status does not count. (docs/design/cluster.md says why the term is needed.)
 */
import { err, ok, type Result } from "../../base/result.ts";

export type Generation = {
  readonly adminEpoch: number;
  readonly epoch: number;
  readonly term: number;
};

/** Negative if `a` is the older one. Zero says nothing about equal contents: two DCs may write in one term. */
export function compareGenerations(a: Generation, b: Generation): number {
  return a.adminEpoch - b.adminEpoch || a.epoch - b.epoch || a.term - b.term;
}

/** "0.12@3": admin_epoch, epoch, and the term in which it was written. */
export function formatGeneration({ adminEpoch, epoch, term }: Generation): string {
  return `${adminEpoch}.${epoch}@${term}`;
}

export function parseGeneration(text: string): Result<Generation> {
  const parts = /^(\d{1,15})\.(\d{1,15})@(\d{1,15})$/.exec(text);
  if (parts === null) return err(`"${text}" is no generation`);
  const [adminEpoch = 0, epoch = 0, term = 0] = parts.slice(1).map(Number);
  return ok({ adminEpoch, epoch, term });
}
