import type { ErrorCode } from "./errors.ts";

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
