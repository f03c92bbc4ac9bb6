/**
 * A CIB and a change -> the changed CIB, or why not. A pure function: every node that applies the same change to the
 * same version has the same result. Semantics and exit codes are those of cibadmin 2.1.5; where Holdfast differs
 * (docs/design/cib.md) it accepts more.
 */
import { err, ok, type Result } from "../../../base/result.ts";
import { compareDottedVersions } from "../../../formats/cib/feature-set.ts";
import {
  attribute,
  child,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { refusedChange } from "../acl/change-access.ts";
import type { ChangeOrigin, CibChange } from "../change.ts";
import { crmFeatureSetMax, emptyCib } from "../empty-cib.ts";
import { patchCib } from "../patch/patch-cib.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { formatFinding } from "../schema/finding.ts";
import { validateCib } from "../schema/validate-cib.ts";
import { sameXml, withoutPositions } from "../tree.ts";
import {
  afterConfigurationChange,
  afterStatusChange,
  compareVersions,
  formatVersion,
  readVersion,
  withVersion,
} from "../version.ts";
import { createObject } from "./create-object.ts";
import { deleteMatches, deleteObject } from "./delete-object.ts";
import { modifyObject } from "./modify-object.ts";
import { replaceObject } from "./replace-object.ts";

/** Sequences in sequences end here. */
const depthMax = 4;

/**
 * "configuration": the configuration changed, or what <cib> itself says about it (its schema, a version raised by
 * hand): it must reach the disks of a quorum before it is acknowledged. "status": only what the cluster observes.
 */
export type Touched = "configuration" | "status" | "nothing";

export type AppliedChange = { readonly cib: XmlElement; readonly touched: Touched };

/** Of a change that leaves no trace of who made it. */
export type ChangeAccess = Pick<ChangeOrigin, "access">;

/** The given CIB holds no places in a text (withoutPositions), and so does the result. */
export function applyChange(
  cib: XmlElement,
  change: CibChange,
  origin?: ChangeOrigin | ChangeAccess,
): Result<AppliedChange, CibRefusal> {
  const edited = edit(cib, change, 0);
  if (!edited.ok) return edited;
  const draft = edited.value;
  const touched = whatDiffers(cib, draft);
  if (touched === "nothing") return ok({ cib, touched });
  // Before anything else is told about the result: who may not make it learns no more than that.
  const forbidden = origin?.access && refusedChange(cib, draft, origin.access);
  if (forbidden !== undefined) return err(forbidden);
  const stale = problemWithVersion(cib, draft);
  if (stale !== undefined) return err(stale);
  const counted = change.kind === "patch" ? draft : withNextVersion(cib, draft);
  if (compareVersions(readVersion(counted), readVersion(cib)) <= 0) return err(notNewer(cib));
  const stamped =
    touched === "configuration" && origin !== undefined && "node" in origin
      ? withOrigin(counted, origin)
      : counted;
  if (touched === "configuration") {
    const findings = validateCib(stamped);
    if (findings.length > 0) return err(invalid(findings));
  }
  return ok({ cib: withoutPositions(stamped, cib), touched });
}

/** For a whole CIB that comes from a file or another node: refused as a change to it would be. */
export function checkCib(cib: XmlElement): CibRefusal | undefined {
  const findings = validateCib(cib);
  return findings.length > 0 ? invalid(findings) : problemWithFeatureSet(cib);
}

function edit(cib: XmlElement, change: CibChange, depth: number): Result<XmlElement, CibRefusal> {
  switch (change.kind) {
    case "create":
      return createObject(cib, change.at, change.xml);
    case "modify":
      return modifyObject(cib, change);
    case "replace":
      return replaceObject(cib, change.at, change.xml);
    case "delete":
      return "xml" in change
        ? deleteObject(cib, change.at.section, change.xml)
        : deleteMatches(cib, change.at.xpath, change.everyMatch ?? false);
    case "erase":
      return ok(erased(cib));
    case "bump": {
      const version = readVersion(cib);
      return ok(withVersion(cib, { ...version, epoch: version.epoch + 1 }));
    }
    case "patch":
      return patchCib(cib, change.patch);
    case "sequence":
      return editInOrder(cib, change.changes, depth + 1);
  }
}

function editInOrder(
  cib: XmlElement,
  changes: readonly CibChange[],
  depth: number,
): Result<XmlElement, CibRefusal> {
  if (depth > depthMax) {
    return err(refusal("HF4005", `Sequences of changes are nested more than ${depthMax} deep.`));
  }
  let draft = cib;
  for (const each of changes) {
    const next = edit(draft, each, depth);
    if (!next.ok) return next;
    draft = next.value;
  }
  return ok(draft);
}

function erased(cib: XmlElement): XmlElement {
  const version = readVersion(cib);
  const emptied = withChildren(cib, emptyCib().children);
  return withVersion(emptied, { ...version, adminEpoch: version.adminEpoch + 1 });
}

/** Attributes of <cib> that the cluster keeps up to date itself. */
const observed: readonly string[] = ["num_updates", "have-quorum", "dc-uuid", "execution-date"];
const stamps = ["cib-last-written", "update-origin", "update-client", "update-user"];

function whatDiffers(before: XmlElement, after: XmlElement): Touched {
  if (sameXml(before, after)) return "nothing";
  const rest = (cib: XmlElement): XmlElement =>
    withAttributes(
      { ...cib, children: cib.children.filter((each) => each.name !== "status") },
      Object.fromEntries([...observed, ...stamps].map((name) => [name, undefined])),
    );
  return sameXml(rest(before), rest(after)) ? "status" : "configuration";
}

function withNextVersion(before: XmlElement, draft: XmlElement): XmlElement {
  const version = readVersion(draft);
  const none = element("configuration");
  const changed = !sameXml(
    child(before, "configuration") ?? none,
    child(draft, "configuration") ?? none,
  );
  return withVersion(
    draft,
    changed ? afterConfigurationChange(version) : afterStatusChange(version),
  );
}

function problemWithVersion(before: XmlElement, draft: XmlElement): CibRefusal | undefined {
  const [old, offered] = [readVersion(before), readVersion(draft)];
  if (compareVersions({ ...offered, numUpdates: 0 }, { ...old, numUpdates: 0 }) < 0) {
    return refusal(
      "HF4003",
      `The change would take the CIB from version ${formatVersion(old)} back to ${formatVersion(offered)}.`,
      { remedy: "admin_epoch and epoch only ever rise: give higher ones, or leave them out." },
    );
  }
  return problemWithFeatureSet(draft);
}

/** Only a patch brings its version along. */
function notNewer(cib: XmlElement): CibRefusal {
  const version = formatVersion(readVersion(cib));
  return refusal("HF4003", `The patch changes the CIB and leaves it at version ${version}.`, {
    remedy: "Make it from two versions of a CIB.",
  });
}

function problemWithFeatureSet(cib: XmlElement): CibRefusal | undefined {
  const featureSet = attribute(cib, "crm_feature_set");
  if (featureSet === undefined || compareDottedVersions(featureSet, crmFeatureSetMax) <= 0) {
    return undefined;
  }
  return refusal(
    "HF4004",
    `The CIB is of feature set ${featureSet}; ${crmFeatureSetMax} is the newest that is understood.`,
    {
      remedy: "It comes from a newer cluster: take an export of an older one, or upgrade Holdfast.",
    },
  );
}

function withOrigin(cib: XmlElement, origin: ChangeOrigin): XmlElement {
  return withAttributes(cib, {
    "cib-last-written": origin.written,
    "update-origin": origin.node,
    "update-client": origin.client,
    "update-user": origin.user,
  });
}

function invalid(findings: ReturnType<typeof validateCib>): CibRefusal {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  const what = first === undefined ? "" : formatFinding(first);
  return refusal("HF4002", `The CIB would not be valid: ${what}${more}`, {
    remedy: "Nothing was changed. Mend what is named and try again.",
    findings,
  });
}
