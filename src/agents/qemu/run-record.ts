/**
 * What this node remembers of a guest's QEMU, in /run/holdfast/guests/NAME.json: how the machine was built, and how
 * far a migration has come. Whether the guest runs stands nowhere but in the process table and in QEMU's own word.
 */
import { err, ok, type Result } from "../../base/result.ts";
import type { Files } from "../../ports/files.ts";
import { type Guest, parseGuest } from "../guest/guest.ts";
import { type JsonFields, jsonFields, parseJson } from "../guest/json-fields.ts";
import { type RunDirectories, runPaths } from "./run-paths.ts";

export type RunRecord = {
  readonly guest: Guest;
  readonly build: MachineBuild;
  readonly taps: readonly string[];
  readonly migration?: MigrationPhase;
};

/** What makes the same guest's machine the same machine elsewhere. */
export type MachineBuild = {
  readonly qemuVersion: string;
  readonly machine: string;
  readonly accelerator: "kvm" | "tcg";
  /** Under KVM, what the guest sees of the host's processor; empty under TCG, whose processor is QEMU's own. */
  readonly processor: string;
};

/**
 * - arriving: the memory may execute here only after "go".
 * - sending: the memory still executes here, or would if the migration were cancelled.
 * - departing: it is being handed over; once QEMU says "completed" it must never execute here again.
 */
export type MigrationPhase = "arriving" | "sending" | "departing";

/** The record; an error when there is one that can't be read; undefined when there is none. */
export async function readRunRecord(
  files: Files,
  path: string,
): Promise<Result<RunRecord | undefined>> {
  const text = await files.read(path);
  if (text === undefined) return ok(undefined);
  const record = parseRunRecord(parseJson(text));
  return record.ok ? record : err(`${path}: ${record.error}`);
}

export function printRunRecord(record: RunRecord): string {
  return `${JSON.stringify({ version: 1, ...record }, undefined, 1)}\n`;
}

/** Writes how far the guest's migration has come; nothing where there is no record any more. */
export async function noteMigrationPhase(
  at: { readonly files: Files; readonly directories: RunDirectories },
  guest: string,
  phase: MigrationPhase | undefined,
): Promise<void> {
  const path = runPaths(at.directories, guest).record;
  const record = await readRunRecord(at.files, path);
  if (!record.ok || record.value === undefined) return;
  const { migration: _before, ...rest } = record.value;
  const noted = phase === undefined ? rest : { ...rest, migration: phase };
  await at.files.write(path, printRunRecord(noted));
}

export function parseMachineBuild(fields: JsonFields): MachineBuild {
  return {
    qemuVersion: fields.text("qemuVersion"),
    machine: fields.text("machine"),
    accelerator: fields.oneOf("accelerator", ["kvm", "tcg"]),
    processor: fields.text("processor"),
  };
}

function parseRunRecord(json: unknown): Result<RunRecord> {
  const fields = jsonFields(json, "record");
  if (fields.count("version") !== 1) return err("not a run record of version 1");
  const guest = parseGuest(fields.raw("guest"));
  if (!guest.ok) return guest;
  const record: RunRecord = {
    guest: guest.value,
    build: parseMachineBuild(fields.object("build")),
    taps: fields.texts("taps"),
    ...(fields.has("migration")
      ? { migration: fields.oneOf("migration", ["arriving", "sending", "departing"]) }
      : {}),
  };
  const problem = fields.problem();
  return problem === undefined ? ok(record) : err(problem);
}
