import { setupServer } from "msw/node";
import { gatewayDouble } from "../../simulators/src/gateway-double/index.js";
import { describeCaptures } from "./captures.js";
import { contractClock } from "./clock.js";
import { describeGateway } from "./contract.js";
import { describeRefunds } from "./refunds.js";
import type { GatewayUnderTest } from "./till.js";
import { describeTillDays } from "./till-days.js";

async function start(): Promise<GatewayUnderTest> {
  const clock = contractClock();
  const double = gatewayDouble({ nowMs: clock.nowMs });
  const server = setupServer(...double.handlers);
  server.listen({ onUnhandledRequest: "error" });
  return {
    url: double.url,
    agentOptions: {},
    freshNfcEvidence: () => ({ type: "nfc", message: "taken at its word" }),
    letPass: clock.letPass,
    euros: "SPECTACLE",
    seats: "CINEMA",
    stop: async () => server.close(),
  };
}

const NAME = "the gateway double";
describeGateway(NAME, start);
describeCaptures(NAME, start);
describeRefunds(NAME, start);
describeTillDays(NAME, start);
