/** The text files of the cluster's configuration, read for the daemon: what cannot be read is a refusal with a place. */
import { readFileSync, statSync } from "node:fs";
import { UserError } from "../../api/user-error.ts";
import {
  type Diagnostic,
  firstError,
  type Parsed,
  printDiagnostic,
} from "../../formats/config-text/diagnostic.ts";

/** sysexits.h EX_CONFIG. */
export const exitConfig = 78;

/** Heartbeat reads the first; the how-to writes the second. */
const directories: readonly string[] = ["/etc/ha.d", "/etc/heartbeat"];

/** The directory with ha.cf and authkeys. @throws UserError HF1000 when neither has an ha.cf. */
export function findConfigDirectory(): string {
  const found = directories.find((each) => statOrNone(`${each}/ha.cf`) !== undefined);
  if (found !== undefined) return found;
  throw new UserError("HF1000", `there is no ha.cf in ${directories.join(" or ")}`, {
    exit: exitConfig,
    remedy: "Write one (docs/formats/ha-cf.md has an example), the same on all nodes.",
  });
}

/** @throws UserError HF1000 when it cannot be read. */
export function readConfigFile(file: string): { readonly text: string; readonly mode: number } {
  try {
    return { text: readFileSync(file, "utf8"), mode: statSync(file).mode };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
    throw new UserError("HF1000", `${file} ${why}`, {
      exit: exitConfig,
      remedy: "Create it, or correct its permissions: it has to be the same on all nodes.",
      cause,
    });
  }
}

/** @throws UserError with the first error's code and all remarks when the file is refused. */
export function accepted<T>(parsed: Parsed<T>): {
  readonly value: T;
  readonly notices: readonly Diagnostic[];
} {
  if (parsed.ok) return parsed.value;
  throw refusal(parsed.error);
}

export function refusal(diagnostics: readonly Diagnostic[]): UserError {
  const first = firstError(diagnostics);
  const message = diagnostics.map(printDiagnostic).join("\n");
  return new UserError(first?.code ?? "HF1000", message, {
    exit: exitConfig,
    remedy: "Nothing was started. Mend the file and try again.",
  });
}

function statOrNone(file: string): unknown {
  return statSync(file, { throwIfNoEntry: false });
}
