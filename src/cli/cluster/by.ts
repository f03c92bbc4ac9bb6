/** Who asks: written into the CIB with a change. */
import { userInfo } from "node:os";
import type { By } from "../../api/cluster-protocol.ts";
import type { CommandShell } from "./command-shell.ts";

/** The person behind sudo, where there is one. */
export function by(client: string, shell: CommandShell): By {
  const { SUDO_USER, USER } = shell.environment;
  return { client, user: SUDO_USER || USER || userInfo().username };
}
