/** What a command writes into a file that a person names. */
import { writeFileSync } from "node:fs";
import { UserError } from "../../api/user-error.ts";

/** @throws UserError HF4603 */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4603", `${file} cannot be written (${code})`, { exit: 73, cause });
  }
}
