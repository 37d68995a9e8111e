// Two gateways on one database decide as one: whoever comes second waits, and sees what the first has done.

import { expect, it } from "vitest";
import { collected } from "../../../../tests/support/ledger.js";
import {
  gatewaysPostgres,
  openTwo as openTwoOn,
  type TwoGateways,
} from "../../../../tests/support/postgres/two-gateways.js";
import { WRONG_PIN } from "../../../../tests/support/presentations.js";
import { codeOf, OPERATOR, type ShopOptions } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { type CaseRows, type Driver, OvertakenError } from "../driver.js";

describeSystem("postgres")("two gateways", () => {
  const postgres = gatewaysPostgres();
  const openTwo = (options: ShopOptions = {}) => openTwoOn(postgres, options);

  /** A sale by a card's printed number, as the driver is asked for it. */
  const queryOf = ({ shop }: TwoGateways, card = 0, terminal = 0) => ({
    terminalId: shop.terminal(terminal).id,
    locator: { by: "number", index: shop.card(card).record().numberIndex } as const,
    appCodeKey: null,
    salesSinceMs: null,
  });

  const spentOf = (rows: CaseRows | null) => rows?.snapshot.grants.map(({ spent }) => spent);

  /** Takes 1 € of the first grant in the open transaction. */
  async function take(two: TwoGateways, driver: Driver): Promise<void> {
    const rows = await driver.readCase(queryOf(two));
    const { account, grants } = rows?.snapshot ?? {};
    const [grant] = grants ?? [];
    if (!account || !grant) throw new Error("the account has a grant");
    await driver.apply({
      terminalId: two.shop.terminal().id,
      attemptId: two.shop.newId(),
      accountId: account.id,
      atMs: 1,
      clockMs: 1,
      effects: [{ type: "post", grantId: grant.id, units: 100, spentBefore: grant.spent }],
      attempt: null,
      reversal: null,
      operation: null,
    });
  }

  it("do not decide on one account at a time: the second reads what the first has taken", async () => {
    const two = await openTwo();
    const { one, other } = two;
    await one.begin();
    await take(two, one);
    await other.begin();
    const order: string[] = [];
    const read = Promise.resolve(other.readCase(queryOf(two, 0, 1))).then((rows) => {
      order.push("read");
      return rows;
    });
    // Nobody waits for the other's terminals, nor for what is read outside of a transaction.
    expect(spentOf(await two.watcher.readCase({ ...queryOf(two, 0, 1), locator: null }))).toEqual(
      [],
    );
    order.push("commit");
    await one.sync();
    expect(spentOf(await read)).toEqual([100]);
    expect(order).toEqual(["commit", "read"]);
    await other.rollback();
  });

  it("decide on two accounts at the same time", async () => {
    const two = await openTwo({ cards: 2 });
    const { one, other } = two;
    await one.begin();
    await other.begin();
    expect(spentOf((await one.readCase(queryOf(two, 0, 0))) ?? null)).toEqual([0]);
    expect(spentOf((await other.readCase(queryOf(two, 1, 1))) ?? null)).toEqual([0]);
    await one.rollback();
    await other.rollback();
  });

  it("count a terminal's PIN blocks together", async () => {
    const two = await openTwo({ cards: 2 });
    const { one, other, shop } = two;
    const terminalId = shop.terminal().id;
    await one.begin();
    await one.readCase(queryOf(two, 0));
    await one.apply({
      terminalId,
      attemptId: shop.newId(),
      accountId: null,
      atMs: 1,
      clockMs: 1,
      effects: [{ type: "advanceKsn", terminalId, from: 0, to: 7 }],
      attempt: null,
      reversal: null,
      operation: null,
    });
    await other.begin();
    const read = other.readCase(queryOf(two, 1));
    await one.sync();
    expect((await read)?.snapshot.terminal?.ksnCounter).toBe(7);
    await other.rollback();
  });

  it("together take no more than there is", async () => {
    const { shop, stores } = await openTwo({
      grants: { SPECTACLE: 1_000 },
      cards: 40,
      terminals: 40,
      oneAccount: true,
    });
    const sales = Array.from({ length: 40 }, (_, index) =>
      stores[index % 2 === 0 ? 0 : 1].execute({
        type: "authorize",
        terminalId: shop.terminal(index).id,
        request: shop.request({
          evidence: shop.card(index).tap(),
          purchaseCents: 100,
          exact: true,
        }),
        receivedAtMonotonicMs: 0,
      }),
    );
    const codes = (await Promise.all(sales)).map(codeOf);
    expect(codes.filter((code) => code === "APPROVED")).toHaveLength(10);
    expect(await shop.spent("SPECTACLE")).toBe(1_000);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("together evaluate a PIN three times", async () => {
    const { shop, stores } = await openTwo({ terminals: 40 });
    const guesses = Array.from({ length: 40 }, (_, index) =>
      stores[index % 2 === 0 ? 0 : 1].execute({
        type: "authorize",
        terminalId: shop.terminal(index).id,
        request: shop.request({ evidence: shop.terminal(index).scan(shop.card(), WRONG_PIN) }),
        receivedAtMonotonicMs: 0,
      }),
    );
    const codes = (await Promise.all(guesses)).map(codeOf);
    // The third locks it.
    expect(codes.filter((code) => /^PIN_INCORRECT/.test(code))).toHaveLength(2);
    expect(codes.filter((code) => code === "PIN_LOCKED")).toHaveLength(38);
    expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 3 }]);
  });

  it("that get the same sale decide it once", async () => {
    const { shop, stores } = await openTwo();
    const request = shop.request();
    const terminalId = shop.terminal().id;
    const sell = (store: (typeof stores)[number]) =>
      store.execute({ type: "authorize", terminalId, request, receivedAtMonotonicMs: 0 });
    const first = await Promise.all(stores.map(sell));
    expect(first.map((answer) => answer.type === "decision" && answer.replayed).sort()).toEqual([
      false,
      true,
    ]);
    const again = await Promise.all(stores.map(sell));
    expect(again).toMatchObject([
      { code: "APPROVED", replayed: true },
      { code: "APPROVED", replayed: true },
    ]);
    expect((await shop.ledger()).attempts).toHaveLength(1);
    expect(await shop.spent("SPECTACLE")).toBe(1_000);
  });

  it("find out that the other was faster, where nothing could be locked", async () => {
    const { one, other, shop } = await openTwo();
    const tombstone = {
      terminalId: "terminal-0",
      attemptId: "reversed",
      accountId: null,
      atMs: 1,
      clockMs: 1,
      effects: [],
      operation: null,
      attempt: {
        terminalId: "terminal-0",
        id: "reversed",
        kind: "tombstone",
        state: "reversed",
        fingerprint: null,
        code: "REVERSED",
        accountId: null,
        partnerId: null,
        avantage: null,
        decidedAtMs: 1,
        programmeHash: "",
        rulesVersion: 1,
        input: null,
        effectsDigest: null,
        answer: null,
      },
      reversal: null,
    } as const;
    await one.begin();
    await one.apply(tombstone);
    await other.begin();
    const late = expect(other.apply(tombstone)).rejects.toThrow(OvertakenError);
    await one.sync();
    await late;
    expect((await shop.ledger()).attempts).toHaveLength(1);
  });

  it("see at the next request what the other was told", async () => {
    const { shop, stores } = await openTwo();
    const [, second] = stores;
    const sell = () =>
      second.execute({
        type: "authorize",
        terminalId: shop.terminal().id,
        request: shop.request(),
        receivedAtMonotonicMs: 0,
      });
    expect(codeOf(await sell())).toBe("APPROVED");
    await shop.store.load({ revokedTerminals: [shop.terminal(1).id] });
    const { certificateFingerprint } = shop.terminal(1).record();
    expect(await second.terminalByCertificate(certificateFingerprint)).toMatchObject({
      status: "revoked",
    });
    const withdrawn = {
      type: "card.withdrawn",
      beneficiary: "account-0",
      cardId: shop.card().id,
      status: "LOST",
    } as const;
    expect(await shop.send(withdrawn, { agent: OPERATOR })).toMatchObject({ outcome: "applied" });
    expect(codeOf(await sell())).toBe("CARD_LOST");
  });

  it("see a suspension, and its end, at the next request", async () => {
    const { shop, stores } = await openTwo();
    const [, second] = stores;
    const sell = () =>
      second.execute({
        type: "authorize",
        terminalId: shop.terminal().id,
        request: shop.request({ purchaseCents: 100 }),
        receivedAtMonotonicMs: 0,
      });
    const told = { beneficiary: "account-0", suspension: "S-1" } as const;
    expect(codeOf(await sell())).toBe("APPROVED");
    const decided = {
      type: "suspension.decided",
      ...told,
      campaign: "2022/2023",
      avantages: "ALL",
      decisionRef: "D-1",
    } as const;
    expect(await shop.send(decided)).toMatchObject({ outcome: "applied" });
    expect(codeOf(await sell())).toBe("AVANTAGE_SUSPENDED");
    const lifted = { type: "suspension.lifted", ...told, decisionRef: "D-2" } as const;
    expect(await shop.send(lifted)).toMatchObject({ outcome: "applied" });
    expect(codeOf(await sell())).toBe("APPROVED");
  });

  it("seal each row once, when both do it at a time", async () => {
    const { shop, one, stores } = await openTwo({ grants: { SPECTACLE: 1_000_000 } });
    for (let sale = 0; sale < 8; sale += 1) await shop.authorize({ purchaseCents: 100 });
    await Promise.all(stores.flatMap(({ chain }) => [chain.seal(), chain.seal()]));
    await shop.store.chain.seal();
    const links = await collected(one.chain.links());
    const rows = links.map(({ link }) => `${link.source} ${link.rowSeq}`);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toHaveLength(16);
  });

  it("are verified as they stand at one instant, while they sell", async () => {
    const { shop, stores, watcher } = await openTwo({ cards: 20, terminals: 20 });
    const [, second] = stores;
    const sell = (index: number) =>
      second.execute({
        type: "authorize",
        terminalId: shop.terminal(index).id,
        request: shop.request({ evidence: shop.card(index).tap(), purchaseCents: 100 }),
        receivedAtMonotonicMs: 0,
      });
    await sell(0);
    await watcher.atOneInstant?.(async () => {
      const ledger = watcher.ledger();
      const seen = [];
      for await (const { attempt } of ledger.attempts()) seen.push(attempt.id);
      for (let index = 1; index < 20; index += 1) await sell(index);
      for await (const entry of ledger.entries()) expect(seen).toContain(entry.attemptId);
      expect(seen).toHaveLength(1);
    });
    expect((await shop.ledger()).entries).toHaveLength(20);
  });
});
