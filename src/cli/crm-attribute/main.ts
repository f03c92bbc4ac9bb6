import { commandMain } from "../cluster/main-shell.ts";
import { crmAttribute } from "./crm-attribute.ts";

await commandMain(crmAttribute);
