/** The one guest that a command line names. */
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandLine } from "../getopt/getopt.ts";

/** @throws UserError HF4600 where there is none, or more than one. */
export function guestOperand(line: CommandLine, command: string): string {
  const [operand, ...more] = line.operands;
  if (operand === undefined || more.length > 0) throw usageError("one GUEST is needed", command);
  return operand;
}
