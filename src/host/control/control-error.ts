/** What has gone wrong, as a reply says it. */
import type { ControlError } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { AssertionError } from "../../base/assert.ts";

export function controlError(error: unknown): ControlError {
  if (error instanceof UserError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.exit === undefined ? {} : { exit: error.exit }),
    };
  }
  const what = error instanceof AssertionError ? "assertion failed: " : "";
  return {
    code: "HF9001",
    message: what + (error instanceof Error ? error.message : String(error)),
  };
}
