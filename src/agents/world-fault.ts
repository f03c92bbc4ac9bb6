/** What ports reject with (a full disk, a file that can't be read) as a value; bugs of ours are not caught. */
import { AssertionError } from "../base/assert.ts";
import { err, type Result } from "../base/result.ts";

export async function faultAsError<T>(body: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await body();
  } catch (error) {
    return err(describeFault(error));
  }
}

/** @throws the error itself when it is a bug of ours. */
export function describeFault(error: unknown): string {
  if (error instanceof AssertionError || error instanceof TypeError) throw error;
  return error instanceof Error ? error.message : String(error);
}
