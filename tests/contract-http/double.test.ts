import { setupServer } from "msw/node";
import {
  type GatewayDoubleOptions,
  gatewayDouble,
} from "../../simulators/src/gateway-double/index.js";
import { describeCaptures } from "./captures.js";
import { contractClock } from "./clock.js";
import { describeGateway } from "./contract.js";
import { describeRefunds } from "./refunds.js";
import { describeStepUps, type StepUpGateway } from "./step-ups.js";
import type { GatewayUnderTest } from "./till.js";
import { describeTillDays } from "./till-days.js";

async function start(options: GatewayDoubleOptions = {}) {
  const clock = contractClock();
  const double = gatewayDouble({ nowMs: clock.nowMs, ...options });
  const server = setupServer(...double.handlers);
  server.listen({ onUnhandledRequest: "error" });
  return {
    url: double.url,
    agentOptions: {},
    freshNfcEvidence: () => ({ type: "nfc", message: "taken at its word" }) as const,
    letPass: clock.letPass,
    euros: "SPECTACLE",
    seats: "CINEMA",
    stop: async () => server.close(),
  };
}

/** A card that shows its identifier. The double takes any block for the right code secret. */
async function startForStepUps(): Promise<StepUpGateway> {
  const spectacle = { avantage: "SPECTACLE", label: "Spectacle", unit: "EUR_CENT" } as const;
  const started = await start({
    avantages: [{ ...spectacle, balance: 15_000 }],
    tapCeilingCents: 2_000,
  });
  return {
    ...started,
    freshNfcEvidence: () => ({ type: "nfc", identifier: "04112233445566" }),
    aboveCeilingCents: 2_001,
    belowCeilingCents: 2_000,
    pins: { right: "1111", wrong: "2222" },
    pinBlock: () => ({ ksn: "0".repeat(24), block: "D".repeat(32) }),
  };
}

const NAME = "the gateway double";
const startAnew = (): Promise<GatewayUnderTest> => start();
describeGateway(NAME, startAnew);
describeCaptures(NAME, startAnew);
describeRefunds(NAME, startAnew);
describeTillDays(NAME, startAnew);
describeStepUps(NAME, startForStepUps);
