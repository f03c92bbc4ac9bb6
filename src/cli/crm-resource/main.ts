import { commandMain } from "../cluster/main-shell.ts";
import { crmResource } from "./crm-resource.ts";

await commandMain(crmResource);
