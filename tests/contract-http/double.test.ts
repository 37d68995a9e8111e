import { setupServer } from "msw/node";
import { gatewayDouble } from "../../simulators/src/gateway-double/index.js";
import { describeGateway } from "./contract.js";

describeGateway("the gateway double", async () => {
  const double = gatewayDouble();
  const server = setupServer(...double.handlers);
  server.listen({ onUnhandledRequest: "error" });
  return {
    url: double.url,
    agentOptions: {},
    freshNfcEvidence: () => ({ type: "nfc", message: "taken at its word" }),
    euros: "SPECTACLE",
    seats: "CINEMA",
    stop: async () => server.close(),
  };
});
