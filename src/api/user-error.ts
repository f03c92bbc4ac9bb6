import { type ErrorCode, errors } from "./errors.ts";

/** Something the user can do something about. Shells print it and exit; daemons reply with it. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: ErrorCode;
  /** What to do next, as a sentence. */
  readonly remedy: string | undefined;
  /** The exit code of the command, where the field's own tool has one for this. */
  readonly exit: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly remedy?: string; readonly exit?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.exit = options.exit;
  }
}

/** What a daemon has refused, in its own words; HF9001 for a code of another version's. */
export function asUserError(refused: {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly exit?: number;
}): UserError {
  const isKnown = Object.hasOwn(errors, refused.code);
  return new UserError(isKnown ? (refused.code as ErrorCode) : "HF9001", refused.message, {
    ...(refused.remedy === undefined ? {} : { remedy: refused.remedy }),
    ...(refused.exit === undefined ? {} : { exit: refused.exit }),
  });
}
