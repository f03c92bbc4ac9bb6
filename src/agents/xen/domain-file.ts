/** Reads a guest's domain file on this node. */
import { err, ok, type Result } from "../../base/result.ts";
import { firstError } from "../../formats/config-text/diagnostic.ts";
import { printPlace } from "../../formats/config-text/place.ts";
import { parseXlDomain } from "../../formats/xl-config/read-xl-domain.ts";
import type { Files } from "../../ports/files.ts";
import { isGuestName } from "../guest/guest.ts";
import { type Domain, domainGuest } from "./domain-guest.ts";

/** The error is one sentence with the file's path, and the line where there is one. */
export type DomainFile = Result<Domain>;

/**
 * @param names `given` overrides the file's own name; `otherwise` is taken where the file has none, or one that can't
 * be a guest's.
 */
export async function readDomainFile(
  files: Files,
  path: string,
  names: { readonly given: string | undefined; readonly otherwise: string },
): Promise<DomainFile> {
  const text = await files.read(path);
  if (text === undefined) return err(`there is no domain file ${path} on this node`);
  const parsed = parseXlDomain(text, path);
  if (!parsed.ok) {
    const first = firstError(parsed.error);
    return err(first === undefined ? path : `${printPlace(first.place)}: ${first.message}`);
  }
  const { value: domain, notices } = parsed.value;
  const own = domain.name !== undefined && isGuestName(domain.name) ? domain.name : undefined;
  const guest = domainGuest(domain, names.given ?? own ?? names.otherwise);
  if (!guest.ok) return guest;
  const said = notices.map(({ place, message }) => `${printPlace(place)}: ${message}`);
  return ok({ guest: guest.value.guest, notices: [...said, ...guest.value.notices] });
}
