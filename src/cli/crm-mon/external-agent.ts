/** --external-agent: a program of the administrator's is run for each result, with what it has to know in CRM_notify_*. */
import { spawn } from "node:child_process";
import type { News } from "./operation-news.ts";

/** A program that hangs holds up those for later results no longer. */
const agentTimeoutMs = 60_000;

export type ExternalAgent = {
  readonly file: string;
  /** Whom it is to tell; passed on as it is. */
  readonly recipient: string | undefined;
};

export function notifyVariables(
  news: News,
  recipient: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...(news.resource !== undefined && { CRM_notify_rsc: news.resource }),
    ...(recipient !== undefined && { CRM_notify_recipient: recipient }),
    CRM_notify_node: news.node,
    CRM_notify_task: news.task,
    CRM_notify_desc: news.description,
    CRM_notify_rc: String(news.rc),
    CRM_notify_target_rc: String(news.targetRc),
    CRM_notify_status: String(news.status),
  };
}

/** Ends with the program; how it ends is its own affair. @returns why it could not be run. */
export async function runExternalAgent(
  { file, recipient }: ExternalAgent,
  news: News,
): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const child = spawn(file, [], {
      stdio: "ignore",
      env: { ...process.env, ...notifyVariables(news, recipient) },
      timeout: agentTimeoutMs,
      killSignal: "SIGKILL",
    });
    child.on("error", (error) => resolve(`${file} cannot be run: ${error.message}`));
    child.on("close", () => resolve(undefined));
  });
}
