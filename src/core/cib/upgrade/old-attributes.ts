/** Attributes of single elements that are spelled, or valued, differently today. */
import { parseRole } from "../../../formats/cib/role.ts";
import { attribute, withAttributes, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { unwrapped } from "./old-form.ts";
import { note, type Translation } from "./translation.ts";

const renamed: Readonly<Record<string, string>> = {
  boolean_op: "boolean-op",
  score_attribute: "score-attribute",
  score_attribute_mangled: "score-attribute-mangled",
  node_attribute: "node-attribute",
  start_delay: "start-delay",
  on_fail: "on-fail",
};

/** Those of operations' results in <status>, of which there are many. */
const renamedInStatus: Readonly<Record<string, string>> = {
  op_status: "op-status",
  rc_code: "rc-code",
  call_id: "call-id",
  op_digest: "op-digest",
  op_restart_digest: "op-restart-digest",
  op_force_restart: "op-force-restart",
  transition_key: "transition-key",
  transition_magic: "transition-magic",
};

const renamedInCib: Readonly<Record<string, string>> = {
  dc_uuid: "dc-uuid",
  have_quorum: "have-quorum",
  remote_access_port: "remote-tls-port",
};

const droppedInCib: readonly string[] = [
  "generated",
  "ccm_transition",
  "num_peers",
  "cib_last_written",
  "ignore_dtd",
  "cib_feature_revision",
  "crm-debug-origin",
];

/** Names with "_", scores in lower case or with a fraction, roles in lower case. */
export function translateAttributes(on: Translation, of: XmlElement): XmlElement {
  let translated = rename(on, of, renamed);
  for (const name of ["role", "rsc-role", "with-rsc-role"]) {
    const value = attribute(translated, name);
    if (value === undefined || !["op", "rsc_location", "rsc_colocation"].includes(of.name))
      continue;
    translated = mended(on, translated, { name, value, better: capitalised(value) });
  }
  const score = attribute(translated, "score");
  if (score === undefined) return translated;
  return mended(on, translated, { name: "score", value: score, better: scoreToday(score) });
}

/** Of <cib> itself. */
export function translateCibAttributes(on: Translation, cib: XmlElement): XmlElement {
  const translated = rename(on, cib, renamedInCib);
  const gone = droppedInCib.filter((name) => attribute(translated, name) !== undefined);
  for (const name of gone) {
    const from = `${name}=${attribute(translated, name)}`;
    note(on, "HF4109", { of: cib, from, to: "", why: "Nothing reads it any more." });
  }
  return withAttributes(translated, Object.fromEntries(gone.map((name) => [name, undefined])));
}

/** The status of an old cluster, with one notice for all of its attributes. */
export function translateStatus(on: Translation, status: XmlElement): XmlElement {
  const quiet: Translation = { ...on, notices: [] };
  const visit = (of: XmlElement): XmlElement => {
    const hoisted = of.children.flatMap((child) => {
      if (child.name !== "attributes") return [child];
      note(quiet, "HF4100", { of, from: "<attributes>", to: "", why: "" });
      return unwrapped(child);
    });
    return rename(quiet, { ...of, children: hoisted.map(visit) }, renamedInStatus);
  };
  const translated = visit(status);
  if (quiet.notices.length > 0) {
    const from = `${quiet.notices.length} names and wrappers`;
    const why = "The recorded results are spelled as they are today; the cluster writes them anew.";
    note(on, "HF4101", { of: status, from, to: "today's", why });
  }
  return quiet.notices.length > 0 ? translated : status;
}

/** Keeps the places of the attributes. */
export function rename(
  on: Translation,
  of: XmlElement,
  names: Readonly<Record<string, string>>,
): XmlElement {
  const old = Object.keys(of.attributes).filter((name) => Object.hasOwn(names, name));
  if (old.length === 0) return of;
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(of.attributes)) {
    const today = Object.hasOwn(names, name) ? (names[name] ?? name) : name;
    // What is there under today's name was meant for today.
    if (today !== name && attribute(of, today) !== undefined) continue;
    attributes[today] = value;
    if (today !== name) {
      note(on, "HF4101", {
        of,
        from: name,
        to: today,
        why: "The attribute has another name today.",
      });
    }
  }
  return { ...of, attributes };
}

function mended(
  on: Translation,
  of: XmlElement,
  {
    name,
    value,
    better,
  }: { readonly name: string; readonly value: string; readonly better: string },
): XmlElement {
  if (better === value) return of;
  const [from, to] = [`${name}=${value}`, `${name}=${better}`];
  note(on, "HF4107", { of, from, to, why: "The value has one spelling today." });
  return withAttributes(of, { [name]: better });
}

function scoreToday(score: string): string {
  if (/^[+-]?infinity$/i.test(score)) return score.toUpperCase();
  return /^[+-]?\d+\.\d*$/.test(score) ? (score.split(".")[0] ?? score) : score;
}

/** Master and Slave are roles today as well: only their case is mended. */
function capitalised(role: string): string {
  if (parseRole(role) === undefined) return role;
  return `${role.slice(0, 1).toUpperCase()}${role.slice(1).toLowerCase()}`;
}
