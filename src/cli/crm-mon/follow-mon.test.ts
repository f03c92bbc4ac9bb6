/** crm_mon that goes on, against a daemon whose answers are chosen; each step is known to be done by the question after it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { howtoSnapshot } from "../../../test/cluster/howto-snapshot.ts";
import { servedCluster } from "../../../test/cluster/served-cluster.ts";
import { UserError } from "../../api/user-error.ts";
import type { ControlClient } from "../../host/control/control-server.ts";
import { type ClusterClient, clusterClient } from "../cluster/cluster-client.ts";
import { crmMon } from "./crm-mon.ts";
import { followMon } from "./follow-mon.ts";

test("the agent is told what happened between two looks, also while the daemon was away", async (t) => {
  const daemon = await changingDaemon(t);
  const told = path.join(daemon.directory, "told");
  const file = path.join(daemon.directory, "agent");
  const words = "$CRM_notify_rsc $CRM_notify_task $CRM_notify_rc $CRM_notify_desc";
  writeFileSync(file, `#!/bin/sh\necho "$CRM_notify_recipient: ${words}" >>'${told}'\n`, {
    mode: 0o755,
  });
  const end = new AbortController();
  const clients: ClusterClient[] = [];
  const followed = followMon({
    connect: () => {
      // The second time the daemon is not there.
      const client = clients.length === 1 ? refusing : clusterClient(undefined);
      clients.push(client);
      return client;
    },
    ...{ intervalMs: 10, end: end.signal, write: () => Promise.resolve() },
    ...{ agent: { file, recipient: "night" }, withFencing: false, complain: assert.fail },
  });
  // The first look is done when the second begins; and what the third finds is told when the fourth begins.
  await daemon.asked("cib-query", 2);
  daemon.add(
    '<lrm_rsc_op operation_key="web_monitor_10000" call-id="4" transition-magic="0:7;1:1:0:u"/>',
  );
  clients[0]?.close();
  await daemon.asked("cib-query", 4);
  assert.equal(readFileSync(told, "utf8"), "night: web monitor 7 Not running\n");
  assert.equal(clients.length, 3);
  end.abort();
  await followed;
});

test("--daemonize keeps the page new in the background, until the process of the pid file is told to end", async (t) => {
  const daemon = await changingDaemon(t);
  const [page, pidFile] = ["page.html", "pid"].map((name) => path.join(daemon.directory, name));
  assert.ok(page !== undefined && pidFile !== undefined);
  const words = ["-d", "-p", pidFile, "-i", "3600", "--output-as=html", "--output-to", page];
  assert.deepEqual(await daemon.run(crmMon, ...words), { exit: 0, out: "", err: "" });
  const pid = Number(readFileSync(pidFile, "utf8"));
  let hasEnded = false;
  t.after(() => hasEnded || process.kill(pid, "SIGKILL"));
  await daemon.asked("status", 1);
  daemon.change();
  await daemon.asked("status", 2);
  assert.match(readFileSync(page, "utf8"), /<!DOCTYPE html>[\s\S]*host1/);
  const again = await daemon.run(crmMon, ...words);
  assert.equal(again.exit, 1);
  assert.match(again.err, /crm_mon runs already: process \d+, by .* \[HF4613\]/);
  const gone = fileGone(pidFile);
  process.kill(pid, "SIGTERM");
  await gone;
  hasEnded = true;
});

test("--daemonize without anything to keep new or to tell is not understood", async (t) => {
  const { run } = await changingDaemon(t);
  const { exit, err } = await run(crmMon, "--daemonize");
  assert.equal(exit, 64);
  assert.match(err, /--daemonize needs --output-to, --external-agent, or both/);
});

async function changingDaemon(t: TestContext) {
  const records: string[] = [];
  const counts = new Map<string, number>();
  const watchers: ControlClient[] = [];
  const waiting: { readonly method: string; readonly count: number; readonly go: () => void }[] =
    [];
  const count = (method: string): void => {
    const now = (counts.get(method) ?? 0) + 1;
    counts.set(method, now);
    for (const each of waiting) if (each.method === method && each.count <= now) each.go();
  };
  const served = await servedCluster(t, () => ({
    "watch-status": (_params, client) => {
      watchers.push(client);
      return null;
    },
    status: () => {
      count("status");
      return howtoSnapshot();
    },
    "cib-query": () => {
      count("cib-query");
      const history = `<lrm_resource id="web">${records.join("")}</lrm_resource>`;
      const state = `<node_state id="1" uname="xen1"><lrm id="1"><lrm_resources>${history}</lrm_resources></lrm></node_state>`;
      return { text: `<status>${state}</status>` };
    },
  }));
  return {
    ...served,
    add: (record: string) => void records.push(record),
    change: () => {
      for (const client of watchers) client.sendEvent("changed", null);
    },
    /** So often, all in all. */
    asked: (method: string, wanted: number) =>
      new Promise<void>((go) => {
        if ((counts.get(method) ?? 0) >= wanted) go();
        else waiting.push({ method, count: wanted, go });
      }),
  };
}

async function fileGone(file: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(path.dirname(file), () => {
      if (existsSync(file)) return;
      watcher.close();
      resolve();
    });
  });
}

/** As where no daemon is. */
const refusing: ClusterClient = {
  ask: () => Promise.reject(new UserError("HF9002", "holdfastd does not answer")),
  as: () => refusing,
  onEvent: () => undefined,
  onClose: () => undefined,
  close: () => undefined,
};
