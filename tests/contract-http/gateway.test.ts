import { nfcEvidence } from "../support/nfc-evidence.js";
import { startTestGateway } from "../support/running-gateway.js";
import { describeGateway } from "./contract.js";

describeGateway("the gateway", async () => {
  const running = await startTestGateway();
  const { ca, certificate: cert, privateKey: key } = await running.terminal();
  const card = await running.card();
  return {
    url: running.gateway.url,
    agentOptions: { ca, cert, key },
    freshNfcEvidence: () => nfcEvidence(running.gateway, card),
    euros: "SPECTACLE",
    seats: "CINEMA",
    stop: () => running.stop(),
  };
});
