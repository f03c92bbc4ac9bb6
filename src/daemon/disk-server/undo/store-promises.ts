/** A store for those who read at leisure: promises instead of callbacks. */
import { UserError } from "../../../api/user-error.ts";
import type { Store } from "../../../ports/store.ts";

/** @throws UserError HF2184 when the disk can't read it. */
export function readStore(store: Store, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  return new Promise((resolve, reject) => {
    store.read(offset, bytes, (error) => {
      if (error === undefined) resolve(bytes);
      else
        reject(
          new UserError("HF2184", `cannot read ${length} bytes at ${offset}: ${error.message}`),
        );
    });
  });
}
