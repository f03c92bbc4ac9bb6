import { commandMain } from "../cluster/main-shell.ts";
import { crmVerify } from "./crm-verify.ts";

await commandMain(crmVerify);
