/** `holdfast lab`: the arguments after "lab" come in, an exit code goes out (2 for arguments that make no sense). */
import { spawn } from "node:child_process";
import { UserError } from "../src/api/user-error.ts";
import { labHelp } from "./command/help.ts";
import { type LabRequest, parseLabArguments } from "./command/lab-request.ts";
import { statusText } from "./command/print-status.ts";
import {
  commandOnHost,
  labBoot,
  labCut,
  labDown,
  labFreeze,
  labHeal,
  labKill,
  labThaw,
  labUp,
} from "./lab.ts";
import { labStatus } from "./lab-status.ts";
import { hostOf, readLab } from "./plan/lab-state.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseLabArguments(args);
  if (!parsed.ok) {
    process.stderr.write(`holdfast lab: ${parsed.error}\nTry \`holdfast lab --help\`.\n`);
    return 2;
  }
  const { name, request } = parsed.value;
  try {
    return await carryOut(name, request);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`holdfast lab: ${error.message} (${error.code})\n`);
    if (error.remedy !== undefined) process.stderr.write(`${error.remedy}\n`);
    return error.exit ?? 1;
  }
}

async function carryOut(name: string, request: LabRequest): Promise<number> {
  switch (request.verb) {
    case "help":
      process.stdout.write(labHelp);
      return 0;
    case "run":
      return await attach(commandOnHost(name, request.host, request.command));
    case "shell":
      return await shell(name, request.host);
    case "up": {
      const { hosts, dir, lvm } = request;
      await labUp({
        name,
        lvm,
        ...(hosts === undefined ? {} : { hosts }),
        ...(dir === undefined ? {} : { dir }),
      });
      printStatus(name);
      return 0;
    }
    case "status":
      if (request.json) say(JSON.stringify(labStatus(readLab(name)), null, 2));
      else printStatus(name);
      return 0;
    case "down": {
      const { existed } = await labDown(name);
      say(existed ? `The lab "${name}" is gone.` : `There was no lab "${name}".`);
      return 0;
    }
    default:
      say(await change(name, request));
      return 0;
  }
}

type ChangeRequest = Extract<
  LabRequest,
  { readonly verb: "kill" | "boot" | "cut" | "heal" | "freeze" | "thaw" }
>;

/** @returns what has been done, as a sentence. */
async function change(name: string, request: ChangeRequest): Promise<string> {
  switch (request.verb) {
    case "kill": {
      const cutAtMs = await labKill(name, request.host);
      return cutAtMs === undefined ? `${request.host} was off.` : `${request.host} has lost power.`;
    }
    case "boot":
      return (await labBoot(name, request.host))
        ? `${request.host} is on.`
        : `${request.host} was on already.`;
    case "cut": {
      const { verb: _, ...cut } = request;
      await labCut(name, cut);
      return `${request.host} is cut off. \`holdfast lab heal\` undoes it.`;
    }
    case "heal":
      await labHeal(name, request.host);
      return "The network is whole again.";
    case "freeze":
      await labFreeze(name, request.host);
      return `${request.host} is frozen.`;
    case "thaw":
      await labThaw(name, request.host);
      return `${request.host} goes on.`;
  }
}

function printStatus(name: string): void {
  process.stdout.write(statusText(labStatus(readLab(name)), process.stdout.isTTY === true));
}

async function shell(name: string, host: string): Promise<number> {
  hostOf(readLab(name), host);
  if (!process.stdin.isTTY) return await attach(commandOnHost(name, host, ["bash", "-s"]));
  // A terminal of the host's own: ours belongs to a session that the host does not know.
  const argv = commandOnHost(name, host, ["script", "-qec", "bash -i", "/dev/null"]);
  return await attach(argv);
}

/** Runs a command on our own input and output. @returns its exit code, as shells count it. */
async function attach(argv: readonly string[]): Promise<number> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { stdio: "inherit" });
  // A Ctrl-C reaches the command by the terminal; what it makes of it is its own affair.
  const ignore = (): void => {};
  process.on("SIGINT", ignore);
  return await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 137));
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
