/** `xl create FILE`: powers a guest on, on this node. */
import { readFileSync } from "node:fs";
import type { GuestRow } from "../../api/cluster-guest.ts";
import { UserError } from "../../api/user-error.ts";
import { type Diagnostic, printDiagnostic } from "../../formats/config-text/diagnostic.ts";
import { parseXlDomain } from "../../formats/xl-config/read-xl-domain.ts";
import type { XlDomain } from "../../formats/xl-config/xl-domain.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { attachConsole } from "./attach-console.ts";
import type { Dialect } from "./dialect.ts";
import { domainFilePath } from "./domain-file-path.ts";
import { exitLikeXl } from "./xl-exit.ts";

export function createCommand(dialect: Dialect): ClusterCommand {
  const name = `${dialect.name} create`;
  return {
    name,
    summary: "Powers a guest on, here, as its domain file describes it.",
    usage: ["[OPTION...] FILE"],
    exitOf: (error) => exitLikeXl(error, dialect.exitCreate),
    groups: [
      {
        title: "Options",
        rows: [
          { long: "defconfig", short: "f", argument: "FILE", help: "the file, as an option" },
          { long: "console", short: "c", help: "and connect to its console" },
          { long: "dryrun", short: "n", help: "only read the file, and say what is in it" },
          { long: "quiet", short: "q", help: "say nothing but errors" },
          { long: "force", help: "also a guest that the cluster looks after" },
          { long: "json", help: "the result, or with -n the guest, as JSON" },
        ],
      },
    ],
    refused: [
      {
        long: "paused",
        short: "p",
        help: "",
        reason: "a guest runs when it was created.",
      },
      {
        long: "foreground",
        short: "F",
        help: "",
        reason: "guests outlive the commands that start them.",
      },
      { long: "vncviewer", short: "V", help: "", reason: "guests have a serial console: -c." },
      {
        long: "defined",
        argument: "KEY=VALUE",
        help: "",
        reason: "write it into the domain file, on all nodes.",
      },
    ],
    examples: [`${name} /etc/xen/host1.dom`, `${name} host1.dom`, `${name} -n host1.dom`],
    run: (line, shell) => run(line, shell, dialect),
  };
}

async function run(line: CommandLine, shell: CommandShell, dialect: Dialect): Promise<number> {
  const file = domainFilePath(operandOf(line, dialect));
  const isQuiet = hasOption(line, "quiet");
  const json = hasOption(line, "json");
  if (!isQuiet && !json) shell.out(dialect.parsing(file));
  const domain = readDomain(file, isQuiet ? () => {} : shell.error);
  if (hasOption(line, "dryrun")) {
    if (json) shell.out(`${JSON.stringify(facts(domain), undefined, 2)}\n`);
    return 0;
  }
  const force = hasOption(line, "force") ? { force: true } : {};
  const asked = { file, by: by(dialect.name, shell), ...force };
  const { name } = await shell.cluster.ask("guest-create", asked);
  const { guests } = await shell.cluster.ask("guest-list");
  const row = guests.find((guest) => guest.name === name);
  if (json) shell.out(`${JSON.stringify({ name, file, ...idOf(row) })}\n`);
  else if (!isQuiet) shell.out(dialect.created(name, row?.id));
  return hasOption(line, "console") ? await attachConsole(name, shell) : 0;
}

function idOf(row: GuestRow | undefined): { readonly id?: number } {
  return row === undefined ? {} : { id: row.id };
}

function operandOf(line: CommandLine, dialect: Dialect): string {
  const command = `${dialect.name} create`;
  const given = optionValue(line, "defconfig");
  const operands = given === undefined ? line.operands : [given, ...line.operands];
  const [file, more] = operands;
  if (file === undefined) throw usageError("which domain file is meant: FILE", command);
  if (more === undefined) return file;
  if (!more.includes("=")) throw usageError(`one file at a time, not also "${more}"`, command);
  throw new UserError("HF4605", `"${more}" on the command line is not supported`, {
    exit: 64,
    remedy: `A guest has to be the same on all nodes: write it into ${file} there.`,
  });
}

/** @throws UserError HF4601 at its first error; all of them and the warnings are told before. */
function readDomain(file: string, tell: (text: string) => void): XlDomain {
  const parsed = parseXlDomain(readText(file), file);
  const said: readonly Diagnostic[] = parsed.ok ? parsed.value.notices : parsed.error;
  for (const each of said.filter(({ severity }) => severity !== "notice")) {
    tell(`${printDiagnostic(each)}\n`);
  }
  if (parsed.ok) return parsed.value.value;
  throw new UserError("HF4630", `${file} is not understood: nothing was started`, {
    remedy: `Mend the file; ${"xl create -n"} FILE only reads it.`,
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4603", `${file} cannot be read (${code})`, { cause });
  }
}

function facts(domain: XlDomain): unknown {
  const { name, kernel, ramdisk, memoryMib, vcpus, commandLine, disks, vifs } = domain;
  return {
    name,
    kernel,
    ramdisk,
    memoryMib,
    vcpus,
    commandLine,
    disks: disks.map(({ vdev, access, source }) => ({ vdev, access, source })),
    vifs: vifs.map(({ mac, bridge }) => ({ mac, bridge })),
  };
}
