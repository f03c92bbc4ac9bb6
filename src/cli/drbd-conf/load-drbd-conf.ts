/** Reads drbd.conf and what it includes, for this host. */
import { globSync, readFileSync, realpathSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import path from "node:path";
import type { Result } from "../../base/result.ts";
import type { Diagnostic } from "../../formats/config-text/diagnostic.ts";
import type { DrbdConf } from "../../formats/drbd-conf/drbd-conf.ts";
import { type IncludedFile, parseDrbdConf } from "../../formats/drbd-conf/parse-drbd-conf.ts";
import { type DrbdHostView, resolveDrbdConf } from "../../formats/drbd-conf/resolve-drbd-conf.ts";

export type LoadedConf = {
  readonly conf: DrbdConf;
  readonly view: DrbdHostView;
  /** Warnings and notices. */
  readonly remarks: readonly Diagnostic[];
  readonly hostName: string;
  readonly localAddresses: readonly string[];
};

/** The first that exists is the configuration, as for drbdadm. */
const defaultFiles: readonly string[] = [
  "/etc/drbd-84.conf",
  "/etc/drbd-83.conf",
  "/etc/drbd-82.conf",
  "/etc/drbd-08.conf",
  "/etc/drbd.conf",
];

export function loadDrbdConf(options: {
  readonly file?: string | undefined;
  readonly peer?: string | undefined;
}): Result<LoadedConf, readonly Diagnostic[]> {
  const file = options.file ?? defaultFile();
  const text = readText(file);
  if (!text.ok) return { ok: false, error: [unreadable(file, text.error)] };
  const parsed = parseDrbdConf(text.value, { file, include });
  if (!parsed.ok) return parsed;
  const hostName = hostname();
  const localAddresses = ownAddresses();
  const { value: conf } = parsed.value;
  const isChecked = conf.global?.disableIpVerification !== true;
  const resolved = resolveDrbdConf(conf, hostName, {
    ...(isChecked ? { localAddresses } : {}),
    ...(options.peer === undefined ? {} : { peer: options.peer }),
  });
  if (!resolved.ok) return resolved;
  const remarks = [...parsed.value.notices, ...resolved.value.notices];
  return {
    ok: true,
    value: { conf, view: resolved.value.value, remarks, hostName, localAddresses },
  };
}

function defaultFile(): string {
  return defaultFiles.find((file) => readText(file).ok) ?? "/etc/drbd.conf";
}

function include(pattern: string, includingFile: string): readonly IncludedFile[] {
  const directory = path.dirname(includingFile);
  const files = globSync(pattern, { cwd: directory }).map((file) => path.resolve(directory, file));
  // A plain name that is not there is told as such; a pattern may match nothing.
  if (files.length === 0 && !/[*?[{]/.test(pattern))
    return [{ file: path.resolve(directory, pattern), text: undefined }];
  return files
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => {
      const text = readText(file);
      return text.ok ? { file: realpathSync(file), text: text.value } : { file, text: undefined };
    });
}

function readText(file: string): Result<string> {
  try {
    return { ok: true, value: readFileSync(file, "utf8") };
  } catch (cause) {
    return { ok: false, error: (cause as NodeJS.ErrnoException).code ?? String(cause) };
  }
}

function unreadable(file: string, code: string): Diagnostic {
  const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
  return {
    code: "HF1000",
    severity: "error",
    place: { file, line: 1, column: 1 },
    message: `the configuration file ${why}`,
    remedy: "Create it, or name another one: drbdadm -c FILE.",
  };
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
}
