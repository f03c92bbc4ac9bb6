import { commandMain } from "../cluster/main-shell.ts";
import { crmSimulate } from "./crm-simulate.ts";

await commandMain(crmSimulate);
