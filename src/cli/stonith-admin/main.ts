import { commandMain } from "../cluster/main-shell.ts";
import { stonithAdmin } from "./stonith-admin.ts";

await commandMain(stonithAdmin);
