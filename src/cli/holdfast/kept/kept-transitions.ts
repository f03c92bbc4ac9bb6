/**
 * The transitions that this node keeps (core/node/kept-transitions.ts), read from its files: they are wanted most when
 * holdfastd does not answer.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../../api/user-error.ts";
import type { TransitionOutcome } from "../../../decision/transition-outcome.ts";
import { stateDirectory } from "../../../host/paths/daemon-paths.ts";
import { readOutcome } from "./read-outcome.ts";

export type KeptText = { readonly file: string; readonly text: string };

export type KeptTransition = {
  readonly number: number;
  /** What was decided about. */
  readonly input: KeptText;
  /** Undefined where the DC did not live to write it. */
  readonly outcome: TransitionOutcome | undefined;
  /** The last input after it for which there was nothing to do. */
  readonly idle: KeptText | undefined;
};

/** Their numbers, from the oldest. @throws UserError HF4603. */
export function keptNumbers(): readonly number[] {
  const numbers = namesIn(folder()).flatMap((name) => {
    const number = /^input-(\d+)\.xml$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.sort((a, b) => a - b);
}

/** Undefined where it is not kept on this node. @throws UserError HF4603 for a file that cannot be read. */
export function keptHere(number: number): KeptTransition | undefined {
  const input = readKept(`input-${number}.xml`);
  if (input === undefined) return undefined;
  return {
    number,
    input,
    outcome: keptOutcome(number),
    idle: readKept(`idle-${number}.xml`),
  };
}

export function keptOutcome(number: number): TransitionOutcome | undefined {
  const kept = readKept(`outcome-${number}.json`);
  return kept && outcomeOf(kept);
}

/** @throws UserError HF4603 for a text that is none. */
export function outcomeOf(kept: KeptText): TransitionOutcome {
  const outcome = readOutcome(kept.text);
  if (outcome.ok) return outcome.value;
  throw new UserError("HF4603", `${kept.file} is damaged: ${outcome.error}`, { exit: 65 });
}

export function folder(): string {
  return path.join(stateDirectory(), "transitions");
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw unreadable(directory, cause);
  }
}

function readKept(name: string): KeptText | undefined {
  const file = path.join(folder(), name);
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw unreadable(file, cause);
  }
}

function isMissing(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === "ENOENT";
}

function unreadable(file: string, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  return new UserError("HF4603", `${file} cannot be read (${code})`, {
    exit: code === "EACCES" ? 4 : 66,
    remedy: "What is kept of transitions is root's alone: ask as root.",
    cause,
  });
}
