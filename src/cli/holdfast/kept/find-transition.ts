/** A transition that is kept: on this node, or on the one that decided it, which holdfastd asks. */
import type { ClusterMethods } from "../../../api/cluster-protocol.ts";
import type { KeptFiles } from "../../../api/kept-files.ts";
import { UserError } from "../../../api/user-error.ts";
import type { CommandShell } from "../../cluster/command-shell.ts";
import {
  folder,
  type KeptTransition,
  keptHere,
  keptNumbers,
  outcomeOf,
} from "./kept-transitions.ts";

type Asked = ClusterMethods["kept-transition"]["result"];

/** @throws UserError HF4609 where nobody keeps it, HF4603 for a file that cannot be read. */
export async function findTransition(number: number, shell: CommandShell): Promise<KeptTransition> {
  const here = keptHere(number);
  if (here !== undefined) return here;
  const asked = await askOthers(number, shell);
  if (asked?.found === undefined) throw notKept(number, asked);
  return keptThere(number, asked.found);
}

/** Undefined when holdfastd cannot be asked: then this node's files are all that is known. */
async function askOthers(number: number, { cluster }: CommandShell): Promise<Asked | undefined> {
  try {
    return await cluster.ask("kept-transition", { number });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function keptThere(number: number, { node, input, outcome, idle }: KeptFiles): KeptTransition {
  const textOf = (name: string, text: string) => ({ file: `${node}:${folder()}/${name}`, text });
  return {
    number,
    input: textOf(`input-${number}.xml`, input),
    outcome:
      outcome === undefined ? undefined : outcomeOf(textOf(`outcome-${number}.json`, outcome)),
    idle: idle === undefined ? undefined : textOf(`idle-${number}.xml`, idle),
  };
}

function notKept(number: number, others: Asked | undefined): UserError {
  const numbers = keptNumbers();
  const [first] = numbers;
  const here =
    first === undefined ? "none are" : `those from ${first} to ${numbers[numbers.length - 1]} are`;
  return new UserError("HF4609", `Transition ${number} is not kept on this node: ${here}.`, {
    exit: 105,
    remedy: `${whereElse(others)} \`holdfast why --transitions\` lists what is kept here.`,
  });
}

function whereElse(others: Asked | undefined): string {
  if (others === undefined)
    return "The node that decided keeps it; holdfastd here, which would ask there, does not answer.";
  const { asked, unasked } = others;
  if (unasked.length > 0)
    return `The node that decided keeps it; ${unasked.join(" and ")} could not be asked.`;
  return `It is kept on no other node either (${asked.join(", ")}).`;
}
