// A terminal's credentials while the gateway's clock is wrong: none is taken for over, and none is made.

import { randomBytes } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, onTestFinished, test } from "vitest";
import { newDevice } from "../support/device.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { startTestGateway } from "../support/running-gateway.js";

const DAY_MS = 24 * 3_600_000;
const MAINTENANCE = { status: 503, body: { code: "MAINTENANCE" } };

async function rig() {
  const clock = {
    stepMs: 0,
    nowMs: () => Date.now() + clock.stepMs,
    monotonicMs: () => performance.now(),
  };
  const running = await startTestGateway({ clock });
  onTestFinished(() => running.stop());
  const card = await running.card();
  const agent = agentFor(await running.terminal());
  onTestFinished(() => agent.destroy());
  const post = (path: string, body: object) =>
    postJson({ agent, url: `${running.gateway.url}${path}`, body });
  const sell = () =>
    post("/v1/authorizations", {
      id: uuidV7(Date.now(), randomBytes(10)),
      evidence: nfcEvidence(running.gateway, card),
      avantage: "SPECTACLE",
      purchaseCents: 100,
    });
  return { clock, sell, post };
}

test.each([1_000, -1_000, -2])(
  "a sale by a clock that jumped %d days is told to wait, and passes once it is back",
  async (days) => {
    const { clock, sell } = await rig();
    clock.stepMs = days * DAY_MS;
    expect(await sell()).toMatchObject(MAINTENANCE);
    clock.stepMs = 0;
    expect(await sell()).toMatchObject({ status: 200, body: { outcome: "approved" } });
  },
);

test("no certificate is renewed by a clock that jumped", async () => {
  const { clock, post } = await rig();
  const { csr } = await newDevice();
  clock.stepMs = 3 * DAY_MS;
  expect(await post("/v1/terminal/renewal", { csr, pinKey: "keep" })).toMatchObject(MAINTENANCE);
  clock.stepMs = 0;
  expect(await post("/v1/terminal/renewal", { csr, pinKey: "keep" })).toMatchObject({
    status: 200,
  });
});
