/**
 * What the node keeps on stable storage, in /var/lib/holdfast. Writes of one file are made in their order; each is
 * answered when it is there as a whole, also after a power cut.
 */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import type { RemoveFile, WriteFile } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import type { KeptFile, NodeOptions } from "../../core/node/node-options.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { Files } from "../../ports/files.ts";

export type StoredState = NodeOptions["stored"];

/** @throws UserError HF4642 when the CIB there is no XML. */
export async function readStoredState(files: Files, directory: string): Promise<StoredState> {
  const file = path.join(directory, "cib.xml");
  const text = await files.read(file);
  const lineage = (await files.read(path.join(directory, "cib.lineage")))?.trim();
  const transitions = await keptFiles(path.join(directory, "transitions"));
  const known = { transitions, ...(lineage !== undefined && { lineage }) };
  if (text === undefined) return known;
  const parsed = parseXml(text);
  if (parsed.ok && parsed.value.name === "cib") return { ...known, cib: parsed.value };
  const why = parsed.ok
    ? `holds <${parsed.value.name}>, not <cib>`
    : `line ${parsed.error.line}, column ${parsed.error.column}: ${parsed.error.message}`;
  throw new UserError("HF4642", `the stored CIB ${file} is damaged: ${why}`, {
    exit: 78,
    remedy: `Move it away (mv ${file} ${file}.damaged): the node takes the CIB of the others, or begins with an empty one.`,
  });
}

/** Their sizes are looked up, so that they are bounded over all starts. */
async function keptFiles(directory: string): Promise<readonly KeptFile[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(path.join(directory, name))).size })),
  );
}

export class StateFiles {
  readonly #files: Files;
  readonly #directory: string;
  readonly #post: (event: NodeEvent) => void;
  /** The end of the last write, by file. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(files: Files, directory: string, post: (event: NodeEvent) => void) {
    this.#files = files;
    this.#directory = directory;
    this.#post = post;
  }

  write({ token, path: name, text }: WriteFile): void {
    this.#afterWrites(name, () => this.#write(token, name, text));
  }

  /** What cannot be removed stays, and counts again at the next start. */
  remove({ path: name }: RemoveFile): void {
    const file = path.join(this.#directory, name);
    this.#afterWrites(name, () => this.#files.remove(file).catch(() => undefined));
  }

  #afterWrites(name: string, work: () => Promise<void>): void {
    assert(!path.isAbsolute(name) && !name.split("/").includes(".."), "a file of our own");
    const before = this.#last.get(name) ?? Promise.resolve();
    const done = before.then(work);
    this.#last.set(name, done);
    void done.then(() => {
      if (this.#last.get(name) === done) this.#last.delete(name);
    });
  }

  async #write(token: number, name: string, text: string): Promise<void> {
    let error: string | undefined;
    try {
      await this.#files.write(path.join(this.#directory, name), text);
    } catch (fault) {
      error = fault instanceof Error ? fault.message : String(fault);
    }
    this.#post({ kind: "file-written", token, ...(error !== undefined && { error }) });
  }
}
