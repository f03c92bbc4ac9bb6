import { commandMain } from "../cluster/main-shell.ts";
import { crmError } from "./crm-error.ts";

await commandMain(crmError);
