import { commandMain } from "../cluster/main-shell.ts";
import { crmMaster } from "./crm-master.ts";

await commandMain(crmMaster);
