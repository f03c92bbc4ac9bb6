/** Runs the program drbdmeta, which works on the metadata of a resource that is not up. */
import { spawn } from "node:child_process";
import path from "node:path";

const program = path.resolve(import.meta.dirname, "../../../bin/drbdmeta");

/** @param words the command line without the program's name. Its terminal is this one. */
export function runDrbdmeta(words: readonly string[]): Promise<number> {
  const child = spawn(program, words, { stdio: "inherit" });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`drbdmeta does not start: ${error.message}\n`);
      resolve(20);
    });
    child.once("exit", (code) => resolve(code ?? 20));
  });
}
