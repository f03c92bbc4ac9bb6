/** What a guest's domain file says. */
import { err, type Result } from "../../base/result.ts";
import type { Files } from "../../ports/files.ts";
import type { Guest } from "../guest/guest.ts";

export type Domain = {
  readonly guest: Guest;
  /** What the file says that has no meaning here, one sentence each. */
  readonly notices: readonly string[];
};

/** The error is one sentence with the file's path, and the line where there is one. */
export type DomainFile = Result<Domain>;

export async function readDomainFile(
  files: Files,
  path: string,
  _options: { readonly name: string | undefined; readonly otherwise: string },
): Promise<DomainFile> {
  const text = await files.read(path);
  if (text === undefined) return err(`there is no domain file ${path} on this node`);
  return err("not yet");
}
