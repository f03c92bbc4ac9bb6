/** Parameters of control requests: what is missing or of the wrong type is refused, not guessed. */

import type {
  AttributeScopeParams,
  By,
  ParameterSetName,
  Where,
} from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { type CibSection, isCibSection } from "../../core/cib/sections.ts";

export type Params = Readonly<Record<string, unknown>>;

export function textParam(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  throw wrong(name, "text");
}

export function optionalText(params: Params, name: string): string | undefined {
  return params[name] === undefined ? undefined : textParam(params, name);
}

export function optionalNumber(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(name, "a whole number");
}

/** False when it is not given. */
export function flagParam(params: Params, name: string): boolean {
  const value = params[name] ?? false;
  if (typeof value === "boolean") return value;
  throw wrong(name, "true or false");
}

export function wordParam<const W extends string>(
  params: Params,
  name: string,
  words: readonly W[],
): W {
  const value = words.find((word) => word === params[name]);
  if (value !== undefined) return value;
  throw wrong(name, `one of ${words.join(", ")}`);
}

export function objectParam(params: Params, name: string): Params {
  const value = params[name];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Params;
  throw wrong(name, "an object");
}

/** Texts by name; none when it is not given. */
export function textsParam(params: Params, name: string): Readonly<Record<string, string>> {
  if (params[name] === undefined) return {};
  const texts = objectParam(params, name);
  return Object.fromEntries(Object.keys(texts).map((each) => [each, textParam(texts, each)]));
}

/** Empty when it is not given. */
export function listParam(params: Params, name: string): readonly unknown[] {
  const value = params[name] ?? [];
  if (Array.isArray(value)) return value;
  throw wrong(name, "a list");
}

export function byParam(params: Params): By {
  const by = objectParam(params, "by");
  return { client: textParam(by, "client"), user: textParam(by, "user") };
}

export type CibPlaceParam = { readonly section: CibSection } | { readonly xpath: string };

/** @throws UserError HF4000 for a section that there is not. */
export function placeParam(params: Params): CibPlaceParam {
  const at = objectParam(params, "at") as Partial<{ section: unknown; xpath: unknown }> & Where;
  if ("xpath" in at && typeof at.xpath === "string") return { xpath: at.xpath };
  const section = textParam(at, "section");
  if (isCibSection(section)) return { section };
  throw new UserError("HF4000", `The CIB has no section "${section}".`, {
    exit: 64,
    remedy:
      "Sections: configuration, nodes, resources, constraints, crm_config, rsc_defaults, op_defaults, acls, fencing-topology, tags, alerts, status.",
  });
}

export const parameterSets: readonly ParameterSetName[] = [
  "instance_attributes",
  "meta_attributes",
  "utilization",
];

export function scopeParam(params: Params): AttributeScopeParams {
  const scope = objectParam(params, "scope");
  const sections = ["crm_config", "rsc_defaults", "op_defaults", "nodes", "status"] as const;
  const section = wordParam(scope, "section", sections);
  if (section !== "nodes" && section !== "status") return { section };
  return {
    section,
    node: textParam(scope, "node"),
    utilization: flagParam(scope, "utilization"),
  };
}

function wrong(name: string, expected: string): UserError {
  return new UserError("HF9003", `the parameter ${name} has to be ${expected}`, {
    remedy: "The command and the daemon are of different versions: restart holdfastd.",
  });
}
