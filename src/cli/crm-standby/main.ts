import { commandMain } from "../cluster/main-shell.ts";
import { crmStandby } from "./crm-standby.ts";

await commandMain(crmStandby);
