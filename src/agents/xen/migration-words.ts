/** What source and target of a migration say to one another (ports/peer-agents.ts). */
import { err, ok, type Result } from "../../base/result.ts";
import { parseGuest } from "../guest/guest.ts";
import type { MigrationOffer } from "../guest/guest-driver.ts";
import { jsonFields, parseJson } from "../guest/json-fields.ts";

/**
 * - prepare: make ready for this guest's memory; answered with where to send it.
 * - go: the source's guest is gone for good and its volumes are Secondary; promote, and let the memory execute.
 * - discard: there will be no "go"; throw away what has arrived.
 */
export type MigrationVerb = "prepare" | "go" | "discard";

type Words = Readonly<Record<string, string>>;

export type Preparation = {
  readonly id: string;
  readonly offer: MigrationOffer;
  /** How long the source will try to send. */
  readonly sendLimitMs: number;
};

export function printPreparation(preparation: Preparation): Words {
  const { id, offer, sendLimitMs } = preparation;
  return { id, offer: JSON.stringify(offer), sendLimitMs: String(Math.ceil(sendLimitMs)) };
}

export function parsePreparation(words: Words): Result<Preparation> {
  const id = words["id"] ?? "";
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(id)) return err("a migration needs an id");
  const sendLimitMs = Number(words["sendLimitMs"]);
  if (!Number.isSafeInteger(sendLimitMs) || sendLimitMs <= 0)
    return err("a migration needs a time limit");
  const offer = jsonFields(parseJson(words["offer"] ?? ""), "offer");
  const guest = parseGuest(offer.raw("guest"));
  if (!guest.ok) return guest;
  const machine = offer.textRecord("machine");
  const problem = offer.problem();
  if (problem !== undefined) return err(problem);
  return ok({ id, offer: { guest: guest.value, machine }, sendLimitMs });
}
