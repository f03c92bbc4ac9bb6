import { commandMain } from "../cluster/main-shell.ts";
import { crmRule } from "./crm-rule.ts";

await commandMain(crmRule);
