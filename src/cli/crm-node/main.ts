import { commandMain } from "../cluster/main-shell.ts";
import { crmNode } from "./crm-node.ts";

await commandMain(crmNode);
