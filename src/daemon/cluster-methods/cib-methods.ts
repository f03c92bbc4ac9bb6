/** The methods of cibadmin and crm_verify. */
import { createHash } from "node:crypto";
import type { Changed, CibChangeParams, CibMethods } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import type { CibChange } from "../../core/cib/change.ts";
import { cibDigest } from "../../core/cib/cib-digest.ts";
import { emptyCib } from "../../core/cib/empty-cib.ts";
import { addressesIn, queryCib } from "../../core/cib/read/query-cib.ts";
import { newSurprises } from "../../core/cib/upgrade/surprises.ts";
import { translateChange } from "../../core/cib/upgrade/translate-change.ts";
import { upgradeChange } from "../../core/cib/upgrade/upgrade-change.ts";
import { formatVersion, readVersion } from "../../core/cib/version.ts";
import { printXml, printXmlCompact } from "../../formats/xml/print-xml.ts";
import { withAttributes, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import { asUserError, type CibDesk } from "./cib-desk.ts";
import {
  byParam,
  flagParam,
  optionalNumber,
  optionalText,
  type Params,
  placeParam,
  textParam,
  wordParam,
} from "./params.ts";
import { parsed } from "./parsed.ts";
import { resourceXml } from "./resource-xml.ts";
import { patchFromXml } from "./xml-patch.ts";

type CibMethodName =
  | "cib-query"
  | "cib-change"
  | "cib-erase"
  | "cib-bump"
  | "cib-upgrade"
  | "cib-digest"
  | "cib-empty"
  | "cib-verify"
  | "cib-simulate"
  | "resource-xml";

export function cibMethods(
  desk: CibDesk,
): Pick<Readonly<Record<keyof CibMethods, ControlMethod>>, CibMethodName> {
  return {
    "cib-query": (params) => ({ text: query(desk, params) }),
    "cib-change": (params) => changeCib(desk, params),
    "cib-erase": (params) => made(desk, { kind: "erase" }, params),
    "cib-bump": (params) => made(desk, { kind: "bump" }, params),
    "cib-upgrade": (params) => upgrade(desk, params),
    "cib-digest": (params) => {
      const cib = givenOrOwn(desk, params);
      return { digest: flagParam(params, "onDisk") ? onDiskDigest(cib) : cibDigest(cib) };
    },
    "cib-empty": (params) => {
      const schema = optionalText(params, "schema");
      const cib = withAttributes(emptyCib(), {
        epoch: String(optionalNumber(params, "epoch") ?? 0),
        ...(schema !== undefined && { "validate-with": schema }),
      });
      return { text: printXml(cib) };
    },
    "cib-verify": async (params) => {
      const { verifyCib } = await import("./verify-cib.ts");
      return verifyCib(givenOrOwn(desk, params), desk.wallNow(), optionalText(params, "source"));
    },
    "cib-simulate": async (params) => {
      const { simulated } = await import("./simulated.ts");
      return simulated(givenOrOwn(desk, params), params, desk.wallNow());
    },
    "resource-xml": (params) => ({
      text: resourceXml(desk.cib(), textParam(params, "resource"), flagParam(params, "raw")),
    }),
  };
}

/** As Pacemaker signs its cib.xml, and `cibadmin --md5-sum` prints it: every attribute counts. */
function onDiskDigest(cib: XmlElement): string {
  return createHash("md5")
    .update(` ${printXmlCompact(cib)}\n`)
    .digest("hex");
}

function givenOrOwn(desk: CibDesk, params: Params): XmlElement {
  const given = optionalText(params, "xml");
  if (given === undefined) return desk.cib();
  return parsed(given, optionalText(params, "source") ?? "the given text");
}

function query(desk: CibDesk, params: Params): string {
  const at = placeParam(params);
  if (flagParam(params, "nodePath") && "xpath" in at) {
    const addresses = addressesIn(desk.cib(), at.xpath);
    if (!addresses.ok) throw asUserError(addresses.error);
    return addresses.value.map((address) => `${address}\n`).join("");
  }
  const found = queryCib(desk.cib(), { at, noChildren: flagParam(params, "noChildren") });
  if (!found.ok) throw asUserError(found.error);
  return printXml(found.value);
}

const operations: readonly CibChangeParams["operation"][] = [
  "create",
  "modify",
  "replace",
  "delete",
  "delete-all",
  "patch",
];

async function changeCib(desk: CibDesk, params: Params): Promise<Changed> {
  const source = optionalText(params, "source") ?? "the given text";
  const given = changeOf(desk.whole(), params, source);
  const before = desk.cib();
  const { change, notices } = translateChange(before, given);
  try {
    const changed = await desk.change(change, byParam(params));
    return { ...changed, remarks: [...notices, ...newSurprises(before, desk.cib())] };
  } catch (error) {
    // The findings' places are in the person's own text.
    if (error instanceof UserError && error.code === "HF4002") throw withSource(error, source);
    throw error;
  }
}

function withSource(error: UserError, source: string): UserError {
  const message = error.message.replaceAll(/(^|\n {2})line (\d+): /g, `$1${source}, line $2: `);
  return new UserError(error.code, message, {
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.exit === undefined ? {} : { exit: error.exit }),
  });
}

function changeOf(whole: XmlElement, params: Params, source: string): CibChange {
  const operation = wordParam(params, "operation", operations);
  const at = placeParam(params);
  const text = optionalText(params, "xml");
  if (operation === "delete" || operation === "delete-all") {
    if ("xpath" in at) return { kind: "delete", at, everyMatch: operation === "delete-all" };
    return { kind: "delete", at, xml: parsed(needed(text), source) };
  }
  const xml = parsed(needed(text), source);
  switch (operation) {
    case "create":
    case "replace":
      return { kind: operation, at, xml };
    case "modify":
      return { kind: "modify", at, xml, allowCreate: flagParam(params, "allowCreate") };
    case "patch":
      return { kind: "patch", patch: patchFromXml(whole, xml) };
  }
}

function needed(text: string | undefined): string {
  if (text !== undefined) return text;
  throw new UserError("HF4602", "there is no XML to work with", {
    exit: 64,
    remedy:
      "Give it in a file (--xml-file), as text (--xml-text) or on standard input (--xml-pipe).",
  });
}

async function made(desk: CibDesk, change: CibChange, params: Params): Promise<Changed> {
  return { ...(await desk.change(change, byParam(params))), remarks: [] };
}

async function upgrade(
  desk: CibDesk,
  params: Params,
): Promise<CibMethods["cib-upgrade"]["result"]> {
  const upgraded = upgradeChange(desk.whole());
  if (upgraded === undefined) {
    const version = formatVersion(readVersion(desk.cib()));
    return { upgraded: false, version, touched: "nothing", remarks: [] };
  }
  const changed = await desk.change(upgraded.change, byParam(params));
  return { ...changed, upgraded: true, remarks: upgraded.notices };
}
