/** The arguments of `holdfast lab`, as typed requests. */
import { err, ok, type Result } from "../../src/base/result.ts";
import type { CutDirection } from "../network/cuts.ts";

export type LabRequest =
  | { readonly verb: "up"; readonly hosts?: number; readonly dir?: string; readonly lvm: boolean }
  | { readonly verb: "status"; readonly json: boolean }
  | { readonly verb: "run"; readonly host: string; readonly command: readonly string[] }
  | { readonly verb: "shell"; readonly host: string }
  | { readonly verb: "kill"; readonly host: string }
  | { readonly verb: "boot"; readonly host: string }
  | { readonly verb: "freeze"; readonly host: string }
  | { readonly verb: "thaw"; readonly host: string }
  | {
      readonly verb: "cut";
      readonly host: string;
      readonly from?: string;
      readonly direction: CutDirection;
      readonly management: boolean;
    }
  | { readonly verb: "heal"; readonly host?: string }
  | { readonly verb: "down" }
  | { readonly verb: "help" };

export type LabArguments = { readonly name: string; readonly request: LabRequest };

const defaultLabName = "lab";

/** @returns what is asked for, or a sentence that says what is wrong with the arguments. */
export function parseLabArguments(args: readonly string[]): Result<LabArguments> {
  const split = splitArguments(args);
  if (!split.ok) return split;
  const { options, words, rest } = split.value;
  if (options.has("help") || words.length === 0) {
    return ok({ name: defaultLabName, request: { verb: "help" } });
  }
  const [verb = "", ...operands] = words;
  const form = Object.hasOwn(forms, verb) ? forms[verb] : undefined;
  if (form === undefined) {
    return err(`there is no "lab ${verb}"; there are ${Object.keys(forms).join(", ")}`);
  }
  for (const option of options.keys()) {
    if (option !== "name" && !form.options.includes(option)) {
      return err(`"lab ${verb}" takes no --${option}`);
    }
  }
  const most = form.host === "no" ? 0 : 1;
  if (form.host === "needed" && operands.length === 0) return err(`"lab ${verb}" needs a host`);
  if (operands.length > most && verb !== "run") {
    return err(`"lab ${verb}" does not take "${operands[most]}"`);
  }
  const request = form.request({ host: operands[0] ?? "", operands, options, rest });
  if (!request.ok) return request;
  return ok({ name: options.get("name") ?? defaultLabName, request: request.value });
}

type Given = {
  readonly host: string;
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
};

type Form = {
  readonly host: "no" | "needed" | "optional";
  readonly options: readonly string[];
  readonly request: (given: Given) => Result<LabRequest>;
};

const withValue = ["name", "hosts", "dir", "from", "only"];
const flags = ["json", "lvm", "management", "help"];

const onHost = (verb: "shell" | "kill" | "boot" | "freeze" | "thaw"): Form => ({
  host: "needed",
  options: [],
  request: ({ host }) => ok({ verb, host }),
});

const forms: Readonly<Record<string, Form>> = {
  up: { host: "no", options: ["hosts", "dir", "lvm"], request: upRequest },
  status: {
    host: "no",
    options: ["json"],
    request: ({ options }) => ok({ verb: "status", json: options.has("json") }),
  },
  run: { host: "needed", options: [], request: runRequest },
  shell: onHost("shell"),
  kill: onHost("kill"),
  boot: onHost("boot"),
  cut: { host: "needed", options: ["from", "only", "management"], request: cutRequest },
  heal: {
    host: "optional",
    options: [],
    request: ({ host }) => ok({ verb: "heal", ...(host === "" ? {} : { host }) }),
  },
  freeze: onHost("freeze"),
  thaw: onHost("thaw"),
  down: { host: "no", options: [], request: () => ok({ verb: "down" }) },
};

function upRequest({ options }: Given): Result<LabRequest> {
  const hosts = options.get("hosts");
  if (hosts !== undefined && !/^[1-9]$/.test(hosts)) {
    return err(`--hosts takes a number from 1 on, not "${hosts}"`);
  }
  const dir = options.get("dir");
  return ok({
    verb: "up",
    lvm: options.has("lvm"),
    ...(hosts === undefined ? {} : { hosts: Number(hosts) }),
    ...(dir === undefined ? {} : { dir }),
  });
}

function runRequest({ host, operands, rest }: Given): Result<LabRequest> {
  const command = [...operands.slice(1), ...rest];
  if (command.length === 0) return err(`run what on ${host}? lab run ${host} -- COMMAND …`);
  return ok({ verb: "run", host, command });
}

function cutRequest({ host, options }: Given): Result<LabRequest> {
  const only = options.get("only");
  if (only !== undefined && only !== "sends" && only !== "hears") {
    return err(`--only takes "sends" or "hears", not "${only}"`);
  }
  const from = options.get("from");
  if (from === host) return err(`${host} cannot be cut from itself`);
  return ok({
    verb: "cut",
    host,
    direction: only ?? "both",
    management: options.has("management"),
    ...(from === undefined ? {} : { from }),
  });
}

type SplitArguments = {
  readonly options: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  readonly rest: readonly string[];
};

/** Options may stand anywhere before "--", but for `run`, whose command begins after the host and --name. */
function splitArguments(args: readonly string[]): Result<SplitArguments> {
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    if (word === "--") return ok({ options, words, rest: args.slice(i + 1) });
    const isName = word === "--name" || word.startsWith("--name=");
    if (words[0] === "run" && words.length === 2 && !isName)
      return ok({ options, words, rest: args.slice(i) });
    if (word === "-h") options.set("help", "");
    else if (!word.startsWith("--")) words.push(word);
    else {
      const [name = "", inline] = word.slice(2).split(/=(.*)/s);
      if (flags.includes(name)) options.set(name, "");
      else if (!withValue.includes(name)) return err(`there is no option --${name}`);
      else {
        const value = inline ?? args[++i];
        if (value === undefined) return err(`--${name} needs a value`);
        options.set(name, value);
      }
    }
  }
  return ok({ options, words, rest: [] });
}
