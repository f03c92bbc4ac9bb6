/** A command of drbdadm's as data: its options, what it works on, and its steps. */
import type { CommandLine, OptionRow } from "../getopt/getopt.ts";
import type { Scope, Selected } from "./selection.ts";
import type { Plan } from "./step.ts";

export type PlannedCommand = {
  readonly name: string;
  readonly help: string;
  readonly options: readonly OptionRow[];
  /** What it works on; `all`: every resource, whatever is named. Where it is not said, resources and volumes. */
  readonly scope?: Scope | "all";
  /** Not in the help, but told by hidden-commands. */
  readonly hidden?: boolean;
  readonly plan: (selected: readonly Selected[], given: Given) => Plan | Promise<Plan>;
};

export type Given = {
  readonly line: CommandLine;
  /** The command's options as words, for drbdsetup or drbdmeta. */
  readonly words: readonly string[];
  /** Words that stood before the command, behind `--`, and are no options: 8.3's way to hand something on. */
  readonly before: readonly string[];
  readonly hostName: string;
  readonly print: (text: string) => void;
};
