import { nfcEvidence } from "../support/nfc-evidence.js";
import { pinBlocksUnder } from "../support/pin-blocks.js";
import { startTestGateway, TEST_PIN } from "../support/running-gateway.js";
import { describeCaptures } from "./captures.js";
import { contractClock } from "./clock.js";
import { describeGateway } from "./contract.js";
import { describeRefunds } from "./refunds.js";
import { describeStepUpPins, describeStepUps, type StepUpGateway } from "./step-ups.js";
import type { GatewayUnderTest } from "./till.js";
import { describeTillDays } from "./till-days.js";

/** The contract sells to one card, as fast as it can: how often that may be is not what it is about. */
const NO_LIMITS = null;

async function start(): Promise<GatewayUnderTest> {
  const clock = contractClock();
  const running = await startTestGateway({ clock, limits: NO_LIMITS });
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

/** A card that shows its identifier, under the ceilings of the checked-in programme. */
async function startForStepUps(): Promise<StepUpGateway> {
  const clock = contractClock();
  const running = await startTestGateway({ clock, limits: NO_LIMITS });
  const { ca, certificate: cert, privateKey: key, pinKey } = await running.terminal();
  const card = await running.card({
    generation: "ID-1",
    grants: { SPECTACLE: 15_000, CINEMA: 5 },
  });
  const identifier = card.uid.toString("hex").toUpperCase();
  return {
    url: running.gateway.url,
    agentOptions: { ca, cert, key },
    freshNfcEvidence: () => ({ type: "nfc", identifier }),
    letPass: clock.letPass,
    euros: "SPECTACLE",
    seats: "CINEMA",
    aboveCeilingCents: 3_001,
    belowCeilingCents: 3_000,
    pins: { right: TEST_PIN, wrong: "0000" },
    pinBlock: pinBlocksUnder(pinKey),
    stop: () => running.stop(),
  };
}

const NAME = "the gateway";
describeGateway(NAME, start);
describeCaptures(NAME, start);
describeRefunds(NAME, start);
describeTillDays(NAME, start);
describeStepUps(NAME, startForStepUps);
describeStepUpPins(NAME, startForStepUps);
