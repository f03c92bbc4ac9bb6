/** What holdfastd takes from drbd.conf: which hosts it names, and which DRBD resources this host has. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../formats/config-text/diagnostic.ts";
import type { Placed } from "../../formats/config-text/place.ts";
import { hostsNamedIn, sectionsOfHost } from "../../formats/drbd-conf/host-sections.ts";
import { type IncludedFile, parseDrbdConf } from "../../formats/drbd-conf/parse-drbd-conf.ts";

export type DrbdHosts = {
  readonly file: string;
  readonly hosts: readonly Placed<string>[];
  /** Names of the DRBD resources with a section for this host. */
  readonly resources: readonly string[];
  /** Errors too: disks are not the daemon's, and it goes on without them. */
  readonly remarks: readonly Diagnostic[];
};

/** Undefined when there is no such file: a cluster may do without replicated disks. */
export function readDrbdHosts(file: string, hostName: string): DrbdHosts | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const parsed = parseDrbdConf(text, { file, include });
  if (!parsed.ok) return { file, hosts: [], resources: [], remarks: parsed.error };
  const { value: conf, notices } = parsed.value;
  const resources = conf.resources
    .filter((resource) => sectionsOfHost(conf, resource, { hostName }).length > 0)
    .map((resource) => resource.name);
  return { file, hosts: hostsNamedIn(conf), resources, remarks: notices };
}

function include(pattern: string, includingFile: string): readonly IncludedFile[] {
  const directory = path.dirname(includingFile);
  const files = globSync(pattern, { cwd: directory }).map((file) => path.resolve(directory, file));
  const isPattern = /[*?[{]/.test(pattern);
  if (files.length === 0 && !isPattern) {
    return [{ file: path.resolve(directory, pattern), text: undefined }];
  }
  return files.sort((a, b) => (a < b ? -1 : 1)).map((file) => ({ file, text: readIfThere(file) }));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
