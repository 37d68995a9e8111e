// A sale whose connection is cut, or older than a migration, is made on another: once, or not at all.

import { expect, it, onTestFinished } from "vitest";
import { connectTo } from "../../../../tests/support/postgres/connect.js";
import { gatewaysPostgres, openTwo } from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { createConnections } from "./connection.js";
import { settingsOf } from "./options.js";

describeSystem("postgres")("a sale", () => {
  const postgres = gatewaysPostgres();

  it.each([
    ["before it was written", /^INSERT INTO attempts/],
    ["before its commit", /^COMMIT/],
    ["before it was begun", /^BEGIN/],
  ])("whose connection is cut %s is made on another, once", async (_, statement) => {
    const { shop, proxy } = await openTwo(postgres);
    void proxy.meet("cutBefore", statement);
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
    expect((await shop.ledger()).attempts).toHaveLength(1);
    expect(await shop.spent("SPECTACLE")).toBe(1_000);
  });

  it("whose connection is cut each time is not made, and passes later", async () => {
    const { shop, proxy } = await openTwo(postgres);
    for (let times = 0; times < 2; times += 1) {
      void proxy.meet("cutBefore", /^INSERT INTO attempts/);
    }
    const request = shop.request();
    expect(codeOf(await shop.authorize(request))).toBe("unavailable");
    expect((await shop.ledger()).attempts).toEqual([]);
    expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
  });

  it("passes when another gateway has changed the schema, as do looks", async () => {
    const { shop, stores, one, ask } = await openTwo(postgres);
    const request = shop.request();
    expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
    const { id: terminalId } = shop.terminal();
    expect(await one.findAttempt(terminalId, request.id)).not.toBeNull();
    await ask("ALTER TABLE attempts ADD COLUMN of_the_next_version TEXT");
    const replayed = await stores[0].execute({
      type: "authorize",
      terminalId,
      request,
      receivedAtMonotonicMs: 0,
    });
    expect(replayed).toMatchObject({ code: "APPROVED", replayed: true });
    expect(await one.findAttempt(terminalId, request.id)).not.toBeNull();
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
  });

  it("meets each connection that is older than a migration once, whichever asks first", async () => {
    const { url } = await postgres.database();
    const settings = settingsOf({ url, allowsLossOfSalesInTests: true });
    const { statementTimeoutMs } = settings;
    const ready = () => Promise.resolve();
    const connections = createConnections({ settings, max: 3, statementTimeoutMs, ready });
    onTestFinished(() => connections.close());
    const query = { name: "agents", text: "SELECT * FROM agents" };
    const look = () => Promise.all([1, 2, 3].map(() => connections.query(query)));
    await look();
    await (await connectTo(url)).query("ALTER TABLE agents ADD COLUMN of_the_next_version TEXT");
    expect(await connections.query(query)).toMatchObject({ rows: [] });
    expect(await look()).toHaveLength(3);
  });
});
