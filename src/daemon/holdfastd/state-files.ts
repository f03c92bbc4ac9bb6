/**
 * What the node keeps on stable storage, in /var/lib/holdfast. Writes of one file are made in their order; each is
 * answered when it is there as a whole, also after a power cut.
 */
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import type { WriteFile } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { Files } from "../../ports/files.ts";

export type StoredState = { readonly cib?: XmlElement; readonly lineage?: string };

/** @throws UserError HF4642 when the CIB there is no XML. */
export async function readStoredState(files: Files, directory: string): Promise<StoredState> {
  const file = path.join(directory, "cib.xml");
  const text = await files.read(file);
  const lineage = (await files.read(path.join(directory, "cib.lineage")))?.trim();
  const known = lineage === undefined ? {} : { lineage };
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
    assert(!path.isAbsolute(name) && !name.split("/").includes(".."), "a file of our own");
    const before = this.#last.get(name) ?? Promise.resolve();
    const written = before.then(() => this.#write(token, name, text));
    this.#last.set(name, written);
    void written.then(() => {
      if (this.#last.get(name) === written) this.#last.delete(name);
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
