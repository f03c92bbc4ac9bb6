import { commandSetMain } from "../cluster/main-shell.ts";
import { xm } from "../xl/dialect.ts";
import { xlCommands } from "../xl/xl-commands.ts";

await commandSetMain(xlCommands(xm));
