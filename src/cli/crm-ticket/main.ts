import { commandMain } from "../cluster/main-shell.ts";
import { crmTicket } from "./crm-ticket.ts";

await commandMain(crmTicket);
