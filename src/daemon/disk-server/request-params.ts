/** Parameters of control requests: what is missing or of the wrong type is refused, not guessed. */
import { UserError } from "../../api/user-error.ts";

export type Params = Readonly<Record<string, unknown>>;

export function numberParam(params: Params, name: string): number {
  const value = params[name];
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw wrong(name, "a whole number");
}

export function textParam(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  throw wrong(name, "a text");
}

export function numbersParam(params: Params, name: string): readonly number[] {
  const value = params[name];
  if (Array.isArray(value) && value.every((one) => Number.isSafeInteger(one))) return value;
  throw wrong(name, "a list of whole numbers");
}

/** False when it is not given. */
export function flagParam(params: Params, name: string): boolean {
  const value = params[name] ?? false;
  if (typeof value === "boolean") return value;
  throw wrong(name, "true or false");
}

/** @param words what it may be. */
export function wordParam<W extends string>(params: Params, name: string, words: readonly W[]): W {
  const value = words.find((word) => word === params[name]);
  if (value !== undefined) return value;
  throw wrong(name, `one of ${words.join(", ")}`);
}

function wrong(name: string, expected: string): UserError {
  return new UserError("HF9003", `the parameter ${name} has to be ${expected}`, {
    remedy: "The command and the disk server are of different versions: restart the disk server.",
  });
}
