/**
 * What drbdadm does, step by step. Each step is one command of drbdsetup or drbdmeta, as the real drbdadm would run
 * it and as -d prints it; what is done for it is this process' own work where no program is needed.
 */
import { UserError } from "../../api/user-error.ts";
import { errorText } from "../terminal/print-error.ts";

export type Step = {
  readonly resource: string;
  /** Empty: a part of the work of another step's command, not to be printed. */
  readonly words: readonly string[];
  /**
   * Does it, and returns the exit status. Undefined: another step does it (one command for each volume is one
   * request for the resource).
   */
  readonly run: (() => Promise<number>) | undefined;
  /** Done instead when the resource is not up; printed after the step. */
  readonly otherwise?: Step;
};

/** Stages one after the other; in each the steps of one resource in order, the resources at the same time. */
export type Plan = readonly (readonly Step[])[];

/** The exit status of `run` that says that the resource is not up. */
export const notUp = -1;

export async function runPlan(
  plan: Plan,
  print: { readonly error: (text: string) => void; readonly verbose: (text: string) => void },
): Promise<number> {
  const failed = new Map<string, number>();
  for (const stage of plan) {
    const resources = new Set(stage.map((step) => step.resource));
    await Promise.all(
      [...resources].map(async (resource) => {
        for (const step of stage.filter((one) => one.resource === resource)) {
          if (failed.has(resource)) return;
          if (step.words.length > 0) print.verbose(`${commandText(step)}\n`);
          const status = await runStep(step, print.error);
          if (status !== 0) failed.set(resource, status);
        }
      }),
    );
  }
  // That of the first resource, in the order of the plan.
  const order = plan.flatMap((stage) => stage.map((step) => step.resource));
  const first = order.find((resource) => failed.has(resource));
  return first === undefined ? 0 : (failed.get(first) ?? 20);
}

export function planText(plan: Plan): string {
  return plan
    .flat()
    .flatMap((step) => (step.otherwise === undefined ? [step] : [step, step.otherwise]))
    .filter((step) => step.words.length > 0)
    .map((step) => `${commandText(step)}\n`)
    .join("");
}

async function runStep(step: Step, printError: (text: string) => void): Promise<number> {
  if (step.run === undefined) return 0;
  try {
    const status = await step.run();
    if (status !== notUp) return status;
    if (step.otherwise !== undefined) return await runStep(step.otherwise, printError);
    printError(`${step.resource}: not up\n  Start it: drbdadm up ${step.resource}\n`);
    return 10;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printError(errorText(step.resource, error));
    return error.exit ?? 10;
  }
}

function commandText(step: Step): string {
  return step.words.map(shellQuoted).join(" ");
}

/** As drbdadm quotes: a backslash before what the shell would take for itself. */
function shellQuoted(word: string): string {
  return word.replace(/[^a-zA-Z0-9,._+:@%/=-]/g, "\\$&");
}
