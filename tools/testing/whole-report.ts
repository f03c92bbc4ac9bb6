/**
 * Loaded before each test file: what its process reports is written before it goes on. A process that ends by
 * --test-force-exit would lose what a slow reader has not taken from the pipe yet: names of tests, of failed ones, too.
 */
import path from "node:path";

type Blocking = { readonly _handle?: { setBlocking?(isBlocking: boolean): void } };

(process.stdout as unknown as Blocking)._handle?.setBlocking?.(true);

/** Node's arguments for a test file. What a failed test has left open must not keep its file, and with it everything, waiting. */
export const testFileArguments: readonly string[] = [
  "--test-force-exit",
  "--import",
  import.meta.filename,
  "--import",
  path.join(import.meta.dirname, "repeatable-laws.ts"),
];
