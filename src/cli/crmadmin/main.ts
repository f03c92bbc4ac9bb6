import { commandMain } from "../cluster/main-shell.ts";
import { crmadmin } from "./crmadmin.ts";

await commandMain(crmadmin);
