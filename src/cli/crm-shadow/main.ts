import { commandMain } from "../cluster/main-shell.ts";
import { crmShadow } from "./crm-shadow.ts";

await commandMain(crmShadow);
