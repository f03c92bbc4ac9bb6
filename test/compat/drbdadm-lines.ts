/**
 * Many command lines of our drbdadm in one process: what each would print and how it would end. A process of its own, for
 * it runs where the host has another name. Standard input: a list of words for each line, as JSON; standard output: the
 * answers.
 */
import { readFileSync } from "node:fs";
import { drbdadm } from "../../src/cli/drbdadm/drbdadm.ts";

export type LineAnswer = {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
};

if (import.meta.main) {
  const lines = JSON.parse(readFileSync(0, "utf8")) as readonly (readonly string[])[];
  const answers: LineAnswer[] = [];
  for (const words of lines) answers.push(await answered(words));
  process.stdout.write(JSON.stringify(answers));
}

async function answered(words: readonly string[]): Promise<LineAnswer> {
  let [stdout, stderr] = ["", ""];
  const status = await drbdadm(words, {
    out: (text) => {
      stdout += text;
    },
    error: (text) => {
      stderr += text;
    },
  });
  return { status, stdout, stderr };
}
