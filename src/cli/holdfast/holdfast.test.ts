import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { howtoSnapshot, notice, takenAtMs } from "../../../test/cluster/howto-snapshot.ts";
import { pacemakerCommands } from "../../../test/cluster/pacemaker-commands.ts";
import {
  type Ran,
  type ServedCluster,
  servedCluster,
} from "../../../test/cluster/served-cluster.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import type { ClusterCommand } from "../cluster/cluster-command.ts";
import type { CommandSet } from "../cluster/command-set.ts";
import { xl } from "../xl/dialect.ts";
import { xlCommands } from "../xl/xl-commands.ts";
import { daemonFindings } from "./check-parts.ts";
import { holdfast } from "./holdfast.ts";

const loss = notice("peer-lost", "xen2 is declared dead.", {
  level: "error",
  node: "xen1",
  monotonicMs: 5_002_100,
  atMs: takenAtMs - 3_597_900,
  fields: { peer: "xen2" },
});

test("timeline --json is an object a line on the monotonic clock, codes as the cluster gave them", async (t) => {
  const { run } = await served(t);
  const { exit, out } = await run(holdfast, "timeline", "--json");
  assert.equal(exit, 0);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.length, 2);
  assert.deepEqual(JSON.parse(lines[1] ?? ""), {
    atMs: 5_002_100,
    wallMs: takenAtMs - 3_597_900,
    node: "xen1",
    level: "error",
    code: "peer-lost",
    message: "xen2 is declared dead.",
    fields: { peer: "xen2" },
  });
});

test("timeline tells the seconds since the incident began", async (t) => {
  const { run } = await served(t);
  const { out } = await run(holdfast, "timeline");
  const [, first, second] = out.split("\n");
  assert.equal(first, "    +0.000 s  xen1  host1 runs on xen1 (1.2 s).");
  assert.equal(second, "    +2.100 s  xen1  ERROR: xen2 is declared dead.");
});

test("events shows what is as bad as asked for, or worse", async (t) => {
  const { run } = await served(t);
  const { out } = await run(holdfast, "events", "--level", "warn");
  assert.match(out, /^\S.* {2}xen1 {2}ERROR: xen2 is declared dead\.\n$/);
});

test("events --follow prints what comes, until the daemon ends", async (t) => {
  let end = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  const cluster = await served(t, {
    "watch-notices": (_params, client) => {
      client.sendEvent("notice", loss);
      setImmediate(() => process.emit("SIGINT"));
      client.onClose(end);
      return { notices: [] };
    },
  });
  const { out } = await cluster.run(holdfast, "events", "--follow", "--json");
  assert.deepEqual(JSON.parse(out), loss);
  await closed;
});

test("status --json has the health, the problems and everything that is known", async (t) => {
  const { run } = await served(t);
  const { out } = await run(holdfast, "status", "--json");
  const facts = JSON.parse(out) as Record<string, unknown>;
  assert.equal(facts["health"], "healthy");
  assert.deepEqual(facts["problems"], []);
  assert.ok("live" in facts && "status" in facts);
});

test("node standby names this node when none is given", async (t) => {
  const { run, asked } = await served(t);
  const { exit, out } = await run(holdfast, "node", "standby");
  assert.equal(exit, 0);
  assert.match(out, /^xen1 is in standby/);
  assert.deepEqual(asked.at(-1), {
    method: "set-standby",
    params: {
      node: "xen1",
      on: true,
      lifetime: "forever",
      by: { client: "holdfast", user: "anna" },
    },
  });
});

test("node leave waits until the daemon has ended", async (t) => {
  const ended: string[] = [];
  const cluster = await served(t, {
    leave: () => {
      // The daemon says that it begins, and some time later it is gone.
      setTimeout(() => {
        ended.push("daemon");
        void cluster.endDaemon();
      }, 20);
      return null;
    },
  });
  const { exit, out } = await cluster.run(holdfast, "node", "leave");
  assert.deepEqual(ended, ["daemon"]);
  assert.equal(exit, 0);
  assert.match(out, /^xen1 moves its guests away and leaves\.\nholdfastd has ended here\./);
});

test("status --watch draws anew when something changes, until the daemon ends", async (t) => {
  let looks = 0;
  let change = (): void => undefined;
  const cluster = await served(t, {
    "watch-status": (_params, client) => {
      change = () => client.sendEvent("changed", null);
      return null;
    },
    status: () => {
      looks += 1;
      if (looks === 1) setImmediate(change);
      else void cluster.endDaemon();
      return howtoSnapshot();
    },
  });
  const { exit, out, err } = await cluster.onTerminal(holdfast, "status", "--watch");
  assert.equal(looks, 2);
  assert.match(out, /2 nodes online, 2 resources running/);
  assert.equal(exit, 102);
  assert.match(err, /^holdfast status: holdfastd .*\[HF9002\]\n/);
});

test("that a node is off is taken only from a person who has looked", async (t) => {
  const { run, asked } = await served(t);
  const doubted = await run(holdfast, "node", "confirm-off", "xen2");
  assert.equal(doubted.exit, 64);
  assert.match(doubted.err, /its guests will run twice/);
  assert.deepEqual(asked, []);
  const sure = await run(holdfast, "node", "confirm-off", "xen2", "--i-have-looked");
  assert.equal(sure.out, "Noted.\n");
});

test("check of a domain file gives place, code and remedy, and exits 78", async (t) => {
  const { run, directory } = await served(t);
  const file = path.join(directory, "host1.dom");
  writeFileSync(file, 'name = "host1"\nmemory = 64\nvif = [ lan() ]\n');
  const { exit, out } = await run(holdfast, "check", file);
  assert.equal(exit, 78);
  assert.match(
    out,
    new RegExp(`error: ${file}:3:9: .*\\[HF1101\\]\\. .*\n\n1 error, no warnings\\.`),
  );
});

test("the daemon's log of a check becomes findings: levels, several remarks in one refusal, remedies", () => {
  const refused =
    "<3>Not started: /etc/ha.d/authkeys:1:1: error: mode 644 [HF1035] |   Run: chmod 600 |" +
    " /etc/ha.d/authkeys:2:8: warning: short [HF1038] |   Use more [HF1035]. Nothing was started. Mend it.";
  assert.deepEqual(daemonFindings(refused), [
    { level: "error", text: "/etc/ha.d/authkeys:1:1: mode 644 [HF1035]. Run: chmod 600" },
    { level: "warning", text: "/etc/ha.d/authkeys:2:8: short [HF1038]. Use more" },
  ]);
  assert.deepEqual(daemonFindings("<6>Members: xen1."), [
    { level: "info", text: "Members: xen1." },
  ]);
});

test("every command has a help that names each of its options", async (t) => {
  const { run, asked } = await served(t);
  for (const command of everyCommand()) {
    const { exit, out } = await typed(run, command, "--help");
    assert.equal(exit, 0, command.name);
    assert.match(out, new RegExp(`^usage: ${command.name}`), command.name);
    if ("commands" in command) continue;
    for (const row of command.groups.flatMap((group) => group.rows)) {
      if (row.hidden !== true) assert.match(out, new RegExp(`--${row.long}\\b`), command.name);
    }
  }
  assert.deepEqual(asked, []);
});

test("every option that is refused says why, with exit 64", async (t) => {
  const { run, asked } = await served(t);
  for (const command of everyCommand()) {
    if ("commands" in command) {
      for (const word of Object.keys(command.refused)) {
        const { exit, err } = await typed(run, command, word);
        assert.equal(exit, 64, `${command.name} ${word}`);
        assert.match(err, /is not supported: .+\.\)? \[HF4605\]/);
      }
      continue;
    }
    for (const row of command.refused) {
      const word = row.argument === undefined ? `--${row.long}` : `--${row.long}=x`;
      const { exit, err } = await typed(run, command, word);
      assert.equal(exit, 64, `${command.name} ${word}`);
      assert.match(err, /is not supported: .+\.\)? \[HF4605\]/);
    }
  }
  assert.deepEqual(asked, []);
});

test("every command has its manual page, and each option stands on it", () => {
  for (const command of commands) {
    const page = manualPage(command);
    for (const { name, groups } of leaves(command)) {
      for (const row of groups.flatMap((group) => group.rows)) {
        if (row.hidden !== true) assert.ok(page.includes(`--${row.long}`), `${name} ${row.long}`);
      }
    }
  }
});

test("no manual page lists an option that its command does not know", async (t) => {
  const { run } = await served(t);
  for (const command of commands) {
    const helps = await Promise.all(
      leaves(command).map(async (leaf) => (await typed(run, leaf, "--help")).out),
    );
    const hidden = leaves(command)
      .flatMap(({ groups, refused }) => [...groups.flatMap(({ rows }) => rows), ...refused])
      .map(({ long }) => `--${long}`);
    const known = new Set([...(helps.join("\n").match(/--[a-z0-9-]+/g) ?? []), ...hidden]);
    const listed = manualPage(command).matchAll(/^\| `(?:-\S, )?(--[a-z0-9-]+)/gm);
    for (const [, option = ""] of listed) assert.ok(known.has(option), `${command.name} ${option}`);
  }
});

function manualPage({ name }: Any): string {
  return readFileSync(path.join(import.meta.dirname, `../../../docs/man/${name}.md`), "utf8");
}

type Any = ClusterCommand | CommandSet;

/** All that have a program of their own. */
const commands: readonly Any[] = [...pacemakerCommands, ...[holdfast, xlCommands(xl)]];

/** Those, and what is in them. */
function everyCommand(): readonly Any[] {
  return commands.flatMap(within);
}

/** As it is typed: a command of a set by way of the set. */
function typed(run: ServedCluster["run"], { name }: Any, word: string): Promise<Ran> {
  const [first, ...words] = name.split(" ");
  const top = commands.find((each) => each.name === first);
  assert.ok(top, name);
  return run(top, ...words, word);
}

function within(command: Any): readonly Any[] {
  return "commands" in command ? [command, ...command.commands.flatMap(within)] : [command];
}

function leaves(command: Any): readonly ClusterCommand[] {
  return "commands" in command ? command.commands.flatMap(leaves) : [command];
}

function served(
  t: TestContext,
  methods: Readonly<Record<string, ControlMethod>> = {},
): Promise<ServedCluster> {
  return servedCluster(t, () => ({
    status: () => howtoSnapshot(),
    "watch-notices": () => ({
      notices: [notice("operation", "host1 runs on xen1 (1.2 s)."), loss],
    }),
    "set-standby": () => ({ version: "0.1.0", touched: "configuration", remarks: [] }),
    "confirm-off": () => ({ message: "Noted." }),
    ...methods,
  }));
}
