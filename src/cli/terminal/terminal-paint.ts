/** Colours as escape sequences: only for a terminal, and not where NO_COLOR is set. */
import { type Paint, type Tone, unpainted } from "../../view/cluster/status/paint.ts";
import type { CommandShell } from "../cluster/command-shell.ts";

const sequences: Readonly<Record<Tone, string>> = {
  good: "32",
  warn: "33",
  bad: "1;31",
  dim: "2",
  strong: "1",
};

export function terminalPaint({ isTerminal, environment }: CommandShell): Paint {
  const isPlain = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  if (!isTerminal || isPlain) return unpainted;
  return (text, tone) => (text === "" ? "" : `\u001b[${sequences[tone]}m${text}\u001b[0m`);
}
