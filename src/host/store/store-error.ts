import type { StoreError } from "../../ports/store.ts";

/** An error of Node's file functions, with what was being done. */
export function storeError(doing: string, cause: unknown): StoreError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return { code: code ?? "EIO", message: `${doing}: ${message}` };
}
