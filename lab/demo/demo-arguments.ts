/** The arguments of `npm run demo`. */
import { err, ok, type Result } from "../../src/base/result.ts";

export type DemoArguments = {
  readonly help: boolean;
  /** Where the how-to's files are taken from; the repository's own examples when absent. */
  readonly files?: string;
  readonly json?: string;
  /** Ends clean even in a terminal. */
  readonly exit: boolean;
  /** Leaves the lab up however it ends. */
  readonly keep: boolean;
  /** The lab's name. */
  readonly name: string;
};

export const demoHelp = `Usage: npm run demo -- [--files DIR] [--json FILE] [--exit|--keep] [--name NAME]

Two hosts on this machine run the how-to's two guests; one host dies, and its guests run on. Needs root.

  --files DIR   take ha.cf, authkeys, drbd.conf, host1.dom, host2.dom, bootstrap.xml, host1.xml and
                host2.xml from DIR, unchanged (default: examples/howto)
  --json FILE   write what was done and measured to FILE
  --exit        end clean: in a terminal the lab is left up otherwise, for looking around
  --keep        leave the lab up, also after a failure and without a terminal
  --guest tiny  what the guests are: busybox and a ledger (the only kind)
  --name NAME   the lab's name (default: demo)
`;

export function parseDemoArguments(args: readonly string[]): Result<DemoArguments> {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [name = "", inline] = (args[i] ?? "").split(/=(.*)/s);
    if (["--exit", "--keep", "--help"].includes(name)) given.set(name, "");
    else if (["--files", "--json", "--name", "--guest"].includes(name)) {
      const value = inline ?? args[++i];
      if (value === undefined || value === "") return err(`${name} needs a value`);
      given.set(name, value);
    } else return err(`there is no argument "${args[i]}"`);
  }
  const guest = given.get("--guest") ?? "tiny";
  if (guest !== "tiny") return err(`there is no guest "${guest}"; there is tiny`);
  if (given.has("--exit") && given.has("--keep"))
    return err("--exit and --keep exclude each other");
  const files = given.get("--files");
  const json = given.get("--json");
  return ok({
    help: given.has("--help"),
    exit: given.has("--exit"),
    keep: given.has("--keep"),
    name: given.get("--name") ?? "demo",
    ...(files === undefined ? {} : { files }),
    ...(json === undefined ? {} : { json }),
  });
}
