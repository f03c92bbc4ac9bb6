/** Exit statuses as xl has them: 1 for what failed, but for a command line that is not understood. */
import type { UserError } from "../../api/user-error.ts";
import { exitUsage } from "../cluster/cluster-command.ts";

export function exitLikeXl(error: UserError, failed = 1): number {
  return error.exit === exitUsage ? exitUsage : failed;
}
