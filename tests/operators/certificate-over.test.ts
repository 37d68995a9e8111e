// An agent's certificate that ends while its connection stands: the handshake saw it good, the next request does not.

import { expect, test } from "vitest";
import { virtualClock } from "../support/clock.js";
import { AGENTS, clientOf, connectionOf, issued, startOperatorsGateway } from "./agents.js";
import { aPupil, ordered } from "./events.js";

const YEAR_MS = 365 * 24 * 3_600_000;

test("an agent whose certificate is over is refused on the connection that it still has", async () => {
  const clock = virtualClock(Date.now());
  const running = await startOperatorsGateway({ clock });
  const credentials = await issued(running.gateway, AGENTS.operator);
  const connection = connectionOf(credentials);
  const client = clientOf({ url: running.gateway.operatorUrl, credentials, connection });
  expect((await client.send(ordered(aPupil()))).status).toBe(200);
  clock.advance(YEAR_MS);
  const over = { status: 401, body: { code: "AGENT_AUTH_FAILED" } };
  expect(await client.send(ordered(aPupil()))).toMatchObject(over);
  expect(await client.batch([JSON.stringify(ordered(aPupil()))])).toMatchObject({ status: 401 });
  connection.destroy();
  await running.stop();
});
