/** The doubles keep the contracts of what they stand for. */
import { clockContract } from "../contracts/clock.ts";
import { filesContract } from "../contracts/files.ts";
import { memoryFiles } from "./memory-files.ts";
import { virtualClock } from "./virtual-clock.ts";

clockContract("the virtual clock", virtualClock);
filesContract("files in memory", async () => ({ files: memoryFiles(), directory: "/d" }));
