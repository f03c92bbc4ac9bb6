import { commandMain } from "../cluster/main-shell.ts";
import { crmMon } from "./crm-mon.ts";

await commandMain(crmMon);
