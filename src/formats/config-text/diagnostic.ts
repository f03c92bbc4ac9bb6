/**
 * What a parser has to say about a configuration file. An error refuses the file; a warning is something that
 * was surely not meant so; a notice is something that has no effect here. None of them is ever left out: a
 * setting that is not obeyed is always named.
 */
import type { Result } from "../../base/result.ts";
import type { ConfigCode } from "./config-code.ts";
import { type Place, printPlace } from "./place.ts";

export type Diagnostic = {
  readonly code: ConfigCode;
  readonly severity: "error" | "warning" | "notice";
  readonly place: Place;
  /** What stands there and what was expected: a clause without a full stop. */
  readonly message: string;
  /** What to do: a sentence. */
  readonly remedy: string;
};

/** A parsed file with all remarks on it in the order of the file; or, when there is an error, only the remarks. */
export type Parsed<T> = Result<
  { readonly value: T; readonly notices: readonly Diagnostic[] },
  readonly Diagnostic[]
>;

/** Errors win: with one of them in the list there is no value. */
export function parsed<T>(value: T, diagnostics: readonly Diagnostic[]): Parsed<T> {
  return diagnostics.some((each) => each.severity === "error")
    ? { ok: false, error: diagnostics }
    : { ok: true, value: { value, notices: diagnostics } };
}

/** The first error of a refused file: what a command prints when it has room for one. */
export function firstError(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  return diagnostics.find((each) => each.severity === "error");
}

/** Two lines: place, severity, what and the code; then the remedy. */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { code, severity, place, message, remedy } = diagnostic;
  return `${printPlace(place)}: ${severity}: ${message} [${code}]\n  ${remedy}`;
}
