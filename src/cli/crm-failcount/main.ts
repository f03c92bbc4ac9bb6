import { commandMain } from "../cluster/main-shell.ts";
import { crmFailcount } from "./crm-failcount.ts";

await commandMain(crmFailcount);
