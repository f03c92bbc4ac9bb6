/** crm_resource --move (in the how-to: --migrate), --ban and --clear (--un-migrate). */
import { err, ok, type Result } from "../../../base/result.ts";
import { type WallTime, wallTime } from "../../../base/time.ts";
import { parseWallTime } from "../../../formats/cib/iso8601-date.ts";
import { formatWallTime } from "../../../formats/cib/wall-time-text.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { type CibNotice, tagOf } from "../notice.ts";
import { findResource } from "../read/resource-lookup.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import {
  type CliConstraint,
  cliConstraints,
  constraintElement,
  constraintId,
  endOf,
  endOfLifetime,
  nodeOf,
} from "./cli-constraints.ts";
import { declaredLifetimeMs } from "./move-lifetime.ts";
import { inOrder, knownNode, knownResource, type PlannedEdit } from "./planned-edit.ts";

export type MoveRequest = {
  readonly resource: string;
  /** Where to (move), or from where (ban). Without one, a resource is banned from where it runs. */
  readonly node?: string | undefined;
  /** An ISO 8601 duration. */
  readonly lifetime?: string | undefined;
  /** Also where it runs there already; and ban it from where it runs. */
  readonly force?: boolean;
  readonly promotedOnly?: boolean;
  /** Who wants it, by name: known where the configuration declares how long such wishes live. */
  readonly owner?: string | undefined;
};

/** What the cluster knows at the time. */
export type MoveFacts = {
  /** The names of the nodes on which the resource is active. */
  readonly activeOn: readonly string[];
  readonly now: WallTime;
};

export function moveResource(
  cib: XmlElement,
  request: MoveRequest,
  facts: MoveFacts,
): Result<PlannedEdit, CibRefusal> {
  if (request.node === undefined) return banResource(cib, { ...request, isMove: true }, facts);
  const resource = knownResource(cib, request.resource);
  if (!resource.ok) return resource;
  const node = knownNode(cib, request.node);
  if (!node.ok) return node;
  const ending = endingOf(cib, request, { facts, isMove: true });
  if (!ending.ok) return ending;
  const refused = whyNotMoved(request, facts, node.value.uname);
  if (refused !== undefined) return err(refused);
  const prefer = constraint(request, {
    kind: "prefer",
    node: node.value.uname,
    ...ending.value,
  });
  const [current] = facts.activeOn;
  const elsewhere = current !== undefined && current !== prefer.node;
  const leave =
    request.force === true && elsewhere
      ? [constraint(request, { kind: "ban", node: current, ...ending.value })]
      : [];
  const old = cliConstraints(cib, request.resource).filter((each) => {
    const id = attribute(each, "id");
    return id === constraintId(prefer) || id === constraintId({ ...prefer, kind: "ban" });
  });
  return ok(planned(cib, { without: old, with: [prefer, ...leave] }));
}

/** @param request.isMove away from where it is: the wish is fulfilled when it is elsewhere. */
export function banResource(
  cib: XmlElement,
  request: MoveRequest & { readonly isMove?: boolean },
  facts: MoveFacts,
): Result<PlannedEdit, CibRefusal> {
  const resource = knownResource(cib, request.resource);
  if (!resource.ok) return resource;
  const { activeOn } = facts;
  if (request.node === undefined && activeOn.length !== 1) {
    const where = activeOn.length === 0 ? "nowhere" : `on ${activeOn.join(", ")}`;
    const message = `Resource "${request.resource}" is not moved: it is active ${where}.`;
    return err(refusal("HF4013", message, { remedy: "Say which node is meant: --node NODE." }));
  }
  const node = knownNode(cib, request.node ?? (activeOn[0] as string));
  if (!node.ok) return node;
  const ending = endingOf(cib, request, { facts, isMove: request.isMove === true });
  if (!ending.ok) return ending;
  const ban = constraint(request, { kind: "ban", node: node.value.uname, ...ending.value });
  return ok(planned(cib, { without: [], with: [ban] }));
}

export type ClearRequest = {
  readonly resource: string;
  readonly node?: string | undefined;
  /** Only those whose lifetime has passed. */
  readonly expiredOnly?: boolean;
};

/** Takes out what earlier moves and bans left. That there is nothing is no error. */
export function clearMoves(
  cib: XmlElement,
  request: ClearRequest,
  now: WallTime,
): Result<PlannedEdit, CibRefusal> {
  const resource = knownResource(cib, request.resource);
  if (!resource.ok) return resource;
  const node = request.node === undefined ? undefined : knownNode(cib, request.node);
  if (node !== undefined && !node.ok) return node;
  const cleared = cliConstraints(cib, request.resource).filter((each) => {
    if (node !== undefined && nodeOf(each) !== node.value.uname) return false;
    if (request.expiredOnly !== true) return true;
    const end = parseWallTime(endOf(each) ?? "");
    return end !== undefined && end < now;
  });
  const notices = cleared.map((each): CibNotice => {
    const why = "The resource may run again where its other constraints allow it.";
    return { code: "HF4132", element: tagOf(each), from: "the constraint", to: "", why };
  });
  return ok({ change: inOrder(cleared.map(takenOut)), notices });
}

type Ending = Pick<CliConstraint, "until" | "mark">;

/**
 * When the wish ends. A cluster that declares how long such wishes live names its owner, and ends a move when it is done;
 * everywhere else it stays until it is cleared, as Pacemaker's do. A clone is in many places: its moves end with their time.
 */
function endingOf(
  cib: XmlElement,
  { resource, lifetime, owner }: MoveRequest,
  of: { readonly facts: MoveFacts; readonly isMove: boolean },
): Result<Ending, CibRefusal> {
  const { now } = of.facts;
  const given = endOfLifetime(lifetime, now);
  const declaredMs = declaredLifetimeMs(cib);
  if (!given.ok || declaredMs === 0 || owner === undefined) {
    return given.ok ? ok({ until: given.value, mark: undefined }) : given;
  }
  const kind = findResource(cib, resource)?.element.name;
  const isOnce = of.isMove && lifetime === undefined && (kind === "primitive" || kind === "group");
  const until = given.value ?? formatWallTime(wallTime(now + declaredMs));
  return ok({ until, mark: { owner, isOnce } });
}

function whyNotMoved(
  request: MoveRequest,
  { activeOn }: MoveFacts,
  destination: string,
): CibRefusal | undefined {
  if (activeOn.length > 1 && request.promotedOnly !== true) {
    const message = `Resource "${request.resource}" is active on ${activeOn.join(", ")}.`;
    const remedy = "Ban it from where it shall not be: crm_resource --ban --node NODE.";
    return refusal("HF4011", message, { remedy });
  }
  if (request.force === true || activeOn[0] !== destination) return undefined;
  const message = `Resource "${request.resource}" is active on ${destination} already.`;
  return refusal("HF4010", message, { remedy: "To keep it there, add --force." });
}

function constraint(
  request: MoveRequest,
  parts: Pick<CliConstraint, "kind" | "node" | "until" | "mark">,
): CliConstraint {
  return { ...parts, resource: request.resource, promotedOnly: request.promotedOnly ?? false };
}

function planned(
  cib: XmlElement,
  edit: { readonly without: readonly XmlElement[]; readonly with: readonly CliConstraint[] },
): PlannedEdit {
  const ids = new Set(edit.with.map(constraintId));
  const replaced = cliConstraints(cib).filter((each) => ids.has(attribute(each, "id") ?? ""));
  const gone = [...new Set([...edit.without, ...replaced])];
  const added = edit.with.map(
    (each): CibChange => ({
      kind: "create",
      at: { section: "constraints" },
      xml: constraintElement(each),
    }),
  );
  return {
    change: inOrder([...gone.map(takenOut), ...added]),
    notices: edit.with.map(constraintNotice),
  };
}

function takenOut(constraintFound: XmlElement): CibChange {
  const id = attribute(constraintFound, "id") ?? "";
  return { kind: "delete", at: { section: "constraints" }, xml: element("rsc_location", { id }) };
}

function constraintNotice(of: CliConstraint): CibNotice {
  const element = `<rsc_location id="${constraintId(of)}">`;
  const clear = `crm_resource --clear --resource ${of.resource}`;
  const end = of.until === undefined ? `until it is cleared: ${clear}` : limitWords(of);
  const role = of.promotedOnly ? "be promoted" : "run";
  if (of.kind === "prefer") {
    const why = `${of.resource} is to ${role} on ${of.node} ${end}.`;
    return { code: "HF4131", element, from: "", to: "a constraint", why };
  }
  const why = `${of.resource} may not ${role} on ${of.node}, even if no other node is left, ${end}.`;
  return { code: "HF4131", element, from: "", to: "a constraint", why };
}

function limitWords({ until, mark }: CliConstraint): string {
  if (mark?.isOnce !== true) return `until ${until}`;
  return `until that is done, at the latest until ${until}; then the constraint goes by itself`;
}
