import { commandSetMain } from "../cluster/main-shell.ts";
import { xl } from "./dialect.ts";
import { xlCommands } from "./xl-commands.ts";

await commandSetMain(xlCommands(xl));
