/** Users and groups of this host, as the system's name services know them. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

export type HostUser = { readonly name: string; readonly groups: readonly string[] };

const run = promisify(execFile);

/** A user that is not known here has its number as name, and no groups. */
export async function userById(uid: number): Promise<HostUser> {
  const name = await asked(["-un", "--", String(uid)]);
  return name === undefined ? { name: String(uid), groups: [] } : await userByName(name);
}

export async function userByName(name: string): Promise<HostUser> {
  const groups = await asked(["-Gn", "--", name]);
  return { name, groups: groups === undefined ? [] : groups.split(" ") };
}

/** The number of a group of this host's own; undefined where there is none of that name. */
export function groupId(group: string, file = "/etc/group"): number | undefined {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((each) => each.startsWith(`${group}:`));
  const id = Number(line?.split(":")[2]);
  return line === undefined || !Number.isInteger(id) ? undefined : id;
}

/** What id prints; undefined when it knows no such user. */
async function asked(words: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run("id", [...words], {
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
    });
    return stdout.trim();
  } catch (error) {
    // An exit status is an answer; that id cannot be run at all is none.
    if (typeof (error as { code?: unknown }).code === "number") return undefined;
    throw error;
  }
}
