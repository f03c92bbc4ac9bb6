import { commandMain } from "../cluster/main-shell.ts";
import { cibadmin } from "./cibadmin.ts";

await commandMain(cibadmin);
