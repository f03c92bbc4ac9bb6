/** Who may read the file of keys: root alone. Heartbeat refuses a file that others can read; so it is here. */
import type { Diagnostic } from "../config-text/diagnostic.ts";

const groupAndOthersReadOrWrite = 0o066;

/** The refusal for a file with this mode (`st_mode`), or undefined when it is kept well. */
export function checkKeyFileMode(file: string, mode: number): Diagnostic | undefined {
  if ((mode & groupAndOthersReadOrWrite) === 0) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(3, "0");
  return {
    code: "HF1035",
    severity: "error",
    place: { file, line: 1, column: 1 },
    message: `the file has mode ${octal}, so others than its owner can read or write the keys; expected 600`,
    remedy: `Run: chmod 600 ${file}   If others may have read it, make a new key.`,
  };
}
