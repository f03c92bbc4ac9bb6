/** The methods that make an edit of the CIB: resources, options, attributes, standby, clean-up. */
import type { Changed, CibMethods } from "../../api/cluster-protocol.ts";
import type { Result } from "../../base/result.ts";
import type { AttributeRequest } from "../../core/cib/edit/attribute-place.ts";
import { cleanUp, deleteFailCounts } from "../../core/cib/edit/cleanup.ts";
import {
  deleteAttribute,
  deleteStandby,
  findAttributes,
  getStandby,
  setAttribute,
  setStandby,
} from "../../core/cib/edit/cluster-attribute.ts";
import { banResource, clearMoves, moveResource } from "../../core/cib/edit/move-resource.ts";
import type { PlannedEdit } from "../../core/cib/edit/planned-edit.ts";
import {
  deleteParameter,
  getParameter,
  type ParameterRequest,
  setParameter,
} from "../../core/cib/edit/resource-parameter.ts";
import { noRuleHolds, readContext } from "../../core/cib/read/name-values.ts";
import type { CibRefusal } from "../../core/cib/refusal.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { asUserError, type CibDesk } from "./cib-desk.ts";
import {
  byParam,
  flagParam,
  objectParam,
  optionalNumber,
  optionalText,
  type Params,
  parameterSets,
  scopeParam,
  textParam,
  wordParam,
} from "./params.ts";

type Edit = (cib: XmlElement, params: Params) => Result<PlannedEdit, CibRefusal>;

export function editMethods(
  desk: CibDesk,
): Pick<Readonly<Record<keyof CibMethods, ControlMethod>>, EditMethodName> {
  const editing =
    (edit: Edit): ControlMethod =>
    (params) =>
      carryOut(desk, params, edit);
  const moving =
    (edit: typeof moveResource): ControlMethod =>
    async (params) => {
      const { activeNodes } = await import("./active-nodes.ts");
      const now = desk.wallNow();
      return carryOut(desk, params, (cib) => {
        const activeOn = activeNodes(desk.cib(), textParam(params, "resource"), now);
        return edit(cib, moveRequest(params), { activeOn, now });
      });
    };
  return {
    "get-parameter": (params) => {
      const context = readContext(desk.cib(), noRuleHolds);
      return { value: taken(getParameter(context, parameterRequest(params))) ?? null };
    },
    "set-parameter": editing((cib, params) =>
      setParameter(cib, parameterRequest(params), textParam(params, "value")),
    ),
    "delete-parameter": editing((cib, params) => deleteParameter(cib, parameterRequest(params))),
    move: moving(moveResource),
    ban: moving(banResource),
    clear: editing((cib, params) =>
      clearMoves(
        cib,
        {
          resource: textParam(params, "resource"),
          node: optionalText(params, "node"),
          expiredOnly: flagParam(params, "expiredOnly"),
        },
        desk.wallNow(),
      ),
    ),
    cleanup: editing((cib, params) => cleanUp(cib, cleanupRequest(params))),
    "delete-fail-counts": editing((cib, params) => deleteFailCounts(cib, cleanupRequest(params))),
    "find-attributes": (params) => ({
      found: taken(findAttributes(desk.cib(), attributeRequest(params))),
    }),
    "set-attribute": editing((cib, params) =>
      setAttribute(cib, attributeRequest(params), textParam(params, "value")),
    ),
    "delete-attribute": editing((cib, params) => deleteAttribute(cib, attributeRequest(params))),
    "get-standby": (params) => taken(getStandby(desk.cib(), textParam(params, "node"))),
    "set-standby": editing((cib, params) =>
      setStandby(
        cib,
        {
          node: textParam(params, "node"),
          lifetime: wordParam(params, "lifetime", ["reboot", "forever"]),
        },
        flagParam(params, "on"),
      ),
    ),
    "delete-standby": editing((cib, params) =>
      deleteStandby(
        cib,
        textParam(params, "node"),
        params["lifetime"] === undefined
          ? undefined
          : wordParam(params, "lifetime", ["reboot", "forever"]),
      ),
    ),
  };
}

type EditMethodName =
  | "get-parameter"
  | "set-parameter"
  | "delete-parameter"
  | "move"
  | "ban"
  | "clear"
  | "cleanup"
  | "delete-fail-counts"
  | "find-attributes"
  | "set-attribute"
  | "delete-attribute"
  | "get-standby"
  | "set-standby"
  | "delete-standby";

async function carryOut(desk: CibDesk, params: Params, edit: Edit): Promise<Changed> {
  const by = byParam(params);
  const planned = taken(edit(desk.cib(), params));
  const changed = await desk.change(planned.change, by);
  return { ...changed, remarks: planned.notices };
}

function taken<T>(result: Result<T, CibRefusal>): T {
  if (result.ok) return result.value;
  throw asUserError(result.error);
}

function parameterRequest(params: Params): ParameterRequest {
  return {
    resource: textParam(params, "resource"),
    name: textParam(params, "name"),
    set: wordParam(params, "set", parameterSets),
    setId: optionalText(params, "setId"),
    pairId: optionalText(params, "pairId"),
    force: flagParam(params, "force"),
  };
}

function moveRequest(params: Params) {
  return {
    resource: textParam(params, "resource"),
    node: optionalText(params, "node"),
    lifetime: optionalText(params, "lifetime"),
    force: flagParam(params, "force"),
    promotedOnly: flagParam(params, "promotedOnly"),
    owner: byParam(params).user,
  };
}

function cleanupRequest(params: Params) {
  const asked = params["operation"] === undefined ? undefined : objectParam(params, "operation");
  const operation = asked && {
    action: textParam(asked, "action"),
    intervalMs: optionalNumber(asked, "intervalMs") ?? 0,
  };
  return {
    resource: optionalText(params, "resource"),
    node: optionalText(params, "node"),
    operation,
    everything: flagParam(params, "everything"),
  };
}

function attributeRequest(params: Params): AttributeRequest {
  return {
    scope: scopeParam(params),
    name: optionalText(params, "name"),
    pattern: optionalText(params, "pattern"),
    setId: optionalText(params, "setId"),
    pairId: optionalText(params, "pairId"),
  };
}
