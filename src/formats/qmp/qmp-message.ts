/**
 * QMP, QEMU's control protocol: one JSON object a line (QEMU's docs/interop/qmp-spec.rst, sections "Protocol
 * specification" and "Message flow"). Unknown members are passed over, as the specification demands of clients.
 */
import { err, ok, type Result } from "../../base/result.ts";

export type QmpMessage =
  | {
      readonly kind: "greeting";
      readonly version: QmpVersion;
      /** What can be switched on, for example "oob". */
      readonly capabilities: readonly string[];
    }
  | { readonly kind: "answer"; readonly id: number | undefined; readonly answer: QmpAnswer }
  | { readonly kind: "event"; readonly event: QmpEvent };

/** What a command returned, or why QEMU refused it. */
export type QmpAnswer = Result<unknown, QmpRefusal>;

/** `errorClass` as QEMU names it: GenericError, CommandNotFound, DeviceNotFound … */
export type QmpRefusal = { readonly errorClass: string; readonly description: string };

export type QmpVersion = { readonly major: number; readonly minor: number; readonly micro: number };

export type QmpEvent = { readonly name: string; readonly data: Readonly<Record<string, unknown>> };

export type QmpArguments = Readonly<Record<string, unknown>>;

export type QmpCommand = {
  readonly id: number;
  readonly command: string;
  readonly args?: QmpArguments;
  /** Executed before those that wait, and while QEMU's main loop is stuck; few commands can be. */
  readonly outOfBand?: boolean;
};

/** The line of a command, without its line end. */
export function printQmpCommand({ id, command, args, outOfBand }: QmpCommand): string {
  const verb = outOfBand === true ? { "exec-oob": command } : { execute: command };
  return JSON.stringify({ ...verb, ...(args === undefined ? {} : { arguments: args }), id });
}

export function parseQmpMessage(line: string): Result<QmpMessage> {
  const json = parseJson(line);
  if (!isRecord(json)) return err(`not a QMP message: ${line.slice(0, 80)}`);
  if ("QMP" in json) return parseGreeting(json["QMP"]);
  if ("event" in json) return parseEvent(json);
  if ("return" in json)
    return ok({ kind: "answer", id: parseId(json), answer: ok(json["return"]) });
  if ("error" in json) return parseRefusal(json);
  return err(`not a QMP message: ${line.slice(0, 80)}`);
}

/** A member of a JSON object, undefined for anything that is no object. */
export function jsonMember(of: unknown, name: string): unknown {
  return isRecord(of) && Object.hasOwn(of, name) ? of[name] : undefined;
}

function parseGreeting(greeting: unknown): Result<QmpMessage> {
  const numbers = jsonMember(jsonMember(greeting, "version"), "qemu");
  const [major, minor, micro] = ["major", "minor", "micro"].map((name) =>
    jsonMember(numbers, name),
  );
  if (typeof major !== "number" || typeof minor !== "number" || typeof micro !== "number")
    return err("a QMP greeting without QEMU's version");
  const capabilities = jsonMember(greeting, "capabilities");
  const names = Array.isArray(capabilities)
    ? capabilities.filter((n) => typeof n === "string")
    : [];
  return ok({ kind: "greeting", version: { major, minor, micro }, capabilities: names });
}

function parseEvent(json: Readonly<Record<string, unknown>>): Result<QmpMessage> {
  const { event: name, data } = json;
  if (typeof name !== "string") return err("a QMP event without a name");
  return ok({ kind: "event", event: { name, data: isRecord(data) ? data : {} } });
}

function parseRefusal(json: Readonly<Record<string, unknown>>): Result<QmpMessage> {
  const errorClass = jsonMember(json["error"], "class");
  const description = jsonMember(json["error"], "desc");
  if (typeof errorClass !== "string" || typeof description !== "string")
    return err("a QMP error without class and description");
  return ok({ kind: "answer", id: parseId(json), answer: err({ errorClass, description }) });
}

/** Our ids are numbers; an answer with anything else answers nobody. */
function parseId(json: Readonly<Record<string, unknown>>): number | undefined {
  return typeof json["id"] === "number" ? json["id"] : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
