/** Errors as every command prints them: what happened, then what to do. */
import type { UserError } from "../../api/user-error.ts";

/** @param where what it is about: a command or a resource. */
export function errorText(where: string, error: UserError): string {
  const remedy = error.remedy === undefined ? "" : `  ${error.remedy}\n`;
  return `${where}: ${error.message} [${error.code}]\n${remedy}`;
}
