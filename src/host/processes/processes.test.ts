import assert from "node:assert/strict";
import { test } from "node:test";
import { processesContract } from "../../../test/contracts/processes.ts";
import { hostProcesses } from "./processes.ts";

processesContract("the host's processes", hostProcesses);

test("a name with blanks and parentheses does not confuse the process table", async () => {
  const processes = hostProcesses();
  const own = processes.identify(process.pid, "");
  assert.ok(own !== undefined && own.startTicks > 0);
  const before = process.title;
  process.title = "a) Z 1 (b";
  assert.deepEqual(processes.identify(process.pid, "a) Z 1 (b"), own);
  process.title = before;
});
