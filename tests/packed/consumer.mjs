// What an integrator's first script does, run from packed tarballs in an empty folder: one sale against the double.

import { gatewayDouble, simulatedReader } from "@pass-tpe/simulators";
import { Terminal } from "@pass-tpe/terminal-sdk";
import { setupServer } from "msw/node";

const double = gatewayDouble();
const server = setupServer(...double.handlers);
server.listen({ onUnhandledRequest: "error" });

const reader = simulatedReader();
const { url: gateway } = double;
const terminal = await Terminal.open({ gateway, journal: "till.journal", readers: [reader] });
reader.tap(double.demoCard.nfc);
const sale = await terminal.sell({ avantage: "SPECTACLE", purchaseCents: 1800 });
await terminal.close();
server.close();
console.log(JSON.stringify(sale));
