/**
 * Who was Primary when, and since when the nodes are apart, in a file: for the next start of this resource's server.
 * Losing it costs a sentence about a split brain, no data.
 */
import fs from "node:fs";
import path from "node:path";
import type { Past } from "../../core/replication/roles/past.ts";
import { finite, flag, list, object, oneOf, parseJson } from "../../formats/json/json-shape.ts";
import { stateDirectory } from "../../host/paths/daemon-paths.ts";

type PastFile = {
  readonly roleChanges: readonly {
    readonly role: "Primary" | "Secondary";
    readonly atMs: number;
  }[];
  readonly connected: boolean;
  readonly apartSinceMs?: number;
};

const shape = object<PastFile>(
  {
    roleChanges: list(object({ role: oneOf("Primary", "Secondary"), atMs: finite })),
    connected: flag,
    apartSinceMs: finite,
  },
  ["apartSinceMs"],
);

/** @param nowMs by the real-time clock, as in `writePast`. Undefined where nothing, or nonsense, is noted. */
export function readPast(resource: string, nowMs: number): Past | undefined {
  let text: string;
  try {
    text = fs.readFileSync(fileOf(resource), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = parseJson(text);
  const file = parsed.ok ? shape(parsed.value) : parsed;
  if (!file.ok) return undefined;
  const { roleChanges, connected, apartSinceMs } = file.value;
  return {
    roleChanges: roleChanges.map(({ role, atMs }) => ({ role, msAgo: nowMs - atMs })),
    connected,
    ...(apartSinceMs === undefined ? {} : { apartMs: nowMs - apartSinceMs }),
  };
}

export function writePast(resource: string, past: Past, nowMs: number): void {
  const { roleChanges, connected, apartMs } = past;
  const file = {
    roleChanges: roleChanges.map(({ role, msAgo }) => ({ role, atMs: nowMs - msAgo })),
    connected,
    ...(apartMs === undefined ? {} : { apartSinceMs: nowMs - apartMs }),
  };
  const name = fileOf(resource);
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.writeFileSync(`${name}.new`, `${JSON.stringify(file)}\n`);
  fs.renameSync(`${name}.new`, name);
}

function fileOf(resource: string): string {
  return path.join(stateDirectory(), "disk", `${resource}.past.json`);
}
