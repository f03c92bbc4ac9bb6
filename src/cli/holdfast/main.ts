import { commandSetMain } from "../cluster/main-shell.ts";
import { statusCommand } from "./status-command.ts";

// Looked at first, and often: it does not wait for what the other commands are made of.
const set =
  process.argv[2] === "status"
    ? { name: "holdfast", summary: "", commands: [statusCommand], refused: {} }
    : (await import("./holdfast.ts")).holdfast;
await commandSetMain(set);
