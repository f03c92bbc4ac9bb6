/** Which agents are installed on this node, by standard and provider. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fenceAgentDirectories } from "../../agents/fence/fence-program.ts";
import { initDirectory } from "../../agents/lsb/lsb-script.ts";
import { ocfRoot, systemPath } from "../../agents/ocf/ocf-environment.ts";
import type { AgentNamesQuery } from "../../api/cluster-agents.ts";
import type { Files } from "../../ports/files.ts";
import type { Processes } from "../../ports/processes.ts";

export type AgentPlaces = {
  readonly files: Pick<Files, "list">;
  readonly processes: Pick<Processes, "run">;
};

const listTimeoutMs = 10_000;

export async function agentNames(
  query: AgentNamesQuery,
  places: AgentPlaces,
): Promise<readonly string[]> {
  switch (query.of) {
    case "standards":
      return await standards(places);
    case "providers":
      return await providers(query.type, places);
    case "agents":
      return await agents(query.class, query.provider, places);
  }
}

async function standards(places: AgentPlaces): Promise<readonly string[]> {
  const systemd = (await runsSystemd(places)) ? ["systemd"] : [];
  return ["ocf", "lsb", "service", ...systemd, "stonith"];
}

async function providers(
  type: string | undefined,
  places: AgentPlaces,
): Promise<readonly string[]> {
  const all = (await places.files.list(`${ocfRoot}/resource.d`)).filter(
    (name) => !name.startsWith("."),
  );
  const named = merged(all, ["heartbeat"]);
  if (type === undefined) return named;
  const having: string[] = [];
  for (const provider of named) {
    if ((await ocfAgents(provider)).includes(type)) having.push(provider);
  }
  return having;
}

async function agents(
  standard: string,
  provider: string | undefined,
  places: AgentPlaces,
): Promise<readonly string[]> {
  switch (standard) {
    case "ocf": {
      const from = provider === undefined ? await providers(undefined, places) : [provider];
      const lists = await Promise.all(from.map((each) => ocfAgents(each)));
      return lists.flat();
    }
    case "lsb":
      return await programs(initDirectory);
    case "systemd":
      return await units(places);
    case "service":
      return merged(await programs(initDirectory), await units(places));
    case "stonith":
      return await fenceAgents();
    default:
      return [];
  }
}

async function ocfAgents(provider: string): Promise<readonly string[]> {
  if (provider.includes("/")) return [];
  const scripts = await programs(`${ocfRoot}/resource.d/${provider}`);
  // That one is built in.
  return provider === "heartbeat" ? merged(scripts, ["Xen"]) : scripts;
}

async function fenceAgents(): Promise<readonly string[]> {
  const lists = await Promise.all(fenceAgentDirectories.map((each) => programs(each)));
  return merged(...lists).filter((name) => name.startsWith("fence_"));
}

async function runsSystemd({ files }: AgentPlaces): Promise<boolean> {
  return (await files.list("/run/systemd")).includes("system");
}

async function units(places: AgentPlaces): Promise<readonly string[]> {
  if (!(await runsSystemd(places))) return [];
  const words = ["list-unit-files", "--type=service", "--plain", "--no-legend", "--no-pager"];
  const { code, stdout } = await places.processes.run("systemctl", words, {
    env: { PATH: systemPath, LANG: "C.UTF-8" },
    timeoutMs: listTimeoutMs,
  });
  if (code !== 0) return [];
  const names = stdout.split("\n").map((line) => /^(\S+)\.service\s/.exec(line)?.[1] ?? "");
  return merged(names.filter((name) => name !== ""));
}

/** What can be run there and is not hidden; none where there is no such directory. */
async function programs(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((each) => !each.startsWith("."))) {
    const about = await stat(path.join(directory, name)).catch(() => undefined);
    if (about?.isFile() === true && (about.mode & 0o111) !== 0) found.push(name);
  }
  return found.sort();
}

/** By name, each once. */
function merged(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}
