import { nfcEvidence } from "../support/nfc-evidence.js";
import { startTestGateway } from "../support/running-gateway.js";
import { describeCaptures } from "./captures.js";
import { contractClock } from "./clock.js";
import { describeGateway } from "./contract.js";
import { describeRefunds } from "./refunds.js";
import type { GatewayUnderTest } from "./till.js";
import { describeTillDays } from "./till-days.js";

async function start(): Promise<GatewayUnderTest> {
  const clock = contractClock();
  const running = await startTestGateway({ clock });
  const { ca, certificate: cert, privateKey: key } = await running.terminal();
  const card = await running.card();
  return {
    url: running.gateway.url,
    agentOptions: { ca, cert, key },
    freshNfcEvidence: () => nfcEvidence(running.gateway, card),
    letPass: clock.letPass,
    euros: "SPECTACLE",
    seats: "CINEMA",
    stop: () => running.stop(),
  };
}

const NAME = "the gateway";
describeGateway(NAME, start);
describeCaptures(NAME, start);
describeRefunds(NAME, start);
describeTillDays(NAME, start);
