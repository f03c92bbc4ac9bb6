/** How the parsers say something about a place: into a list of diagnostics, in the order of finding. */
import type { ConfigCode } from "./config-code.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Place } from "./place.ts";

export type Finding = {
  readonly place: Place;
  /** What stands there and what was expected: a clause without a full stop. */
  readonly message: string;
  /** What to do: a sentence. */
  readonly remedy: string;
};

export type Report = {
  readonly diagnostics: readonly Diagnostic[];
  error(code: ConfigCode, finding: Finding): void;
  warning(code: ConfigCode, finding: Finding): void;
  notice(code: ConfigCode, finding: Finding): void;
};

/** A word may be as long as a file; a message is for a person. */
const messageCharactersMax = 600;

/** More remarks than this on one file help nobody: what comes after is left out. Errors always count. */
const remarksMax = 200;

export function newReport(): Report {
  const diagnostics: Diagnostic[] = [];
  const add = (severity: Diagnostic["severity"], code: ConfigCode, finding: Finding): void => {
    const hasError = diagnostics.some((each) => each.severity === "error");
    if (diagnostics.length >= remarksMax && (severity !== "error" || hasError)) return;
    // One option can count for several things (all volumes of a resource): it is wrong once.
    const isSaid = diagnostics.some(
      (each) =>
        each.code === code &&
        each.place === finding.place &&
        each.message === shortened(finding.message),
    );
    if (isSaid) return;
    const { place, message, remedy } = finding;
    diagnostics.push({
      code,
      severity,
      place,
      message: shortened(message),
      remedy: shortened(remedy),
    });
  };
  return {
    diagnostics,
    error: (code, finding) => add("error", code, finding),
    warning: (code, finding) => add("warning", code, finding),
    notice: (code, finding) => add("notice", code, finding),
  };
}

function shortened(text: string): string {
  return text.length <= messageCharactersMax ? text : `${text.slice(0, messageCharactersMax)}…`;
}
