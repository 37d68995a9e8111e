// What is not there yet cannot be made by two gateways at a time: the second waits, and sees what the first has made.

import { describe, expect, it } from "vitest";
import {
  gatewaysPostgres,
  openTwo,
  type TwoGateways,
} from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf, OPERATOR } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import type { Answer, Command } from "../../core/ports.js";
import type { Driver } from "../driver.js";

const card = (id: string, number: number, chip: number | null) => ({
  id,
  numberIndex: Buffer.alloc(32, number),
  identifierIndex: chip === null ? null : Buffer.alloc(32, chip),
});
const beneficiary = (id: string, brought: ReturnType<typeof card> | null) => (driver: Driver) =>
  driver.readBeneficiary({ id, card: brought });
const partner =
  (id: string, pointOfSaleId: string | null, conventionReference: string | null) =>
  (driver: Driver) =>
    driver.readPartner({ id, pointOfSaleId, conventionReference });

describeSystem("postgres")("two gateways", () => {
  const postgres = gatewaysPostgres();

  describe("do not look at the same time for", () => {
    it.each([
      [
        "an event",
        (driver: Driver) => driver.findEvent("e"),
        (driver: Driver) => driver.findEvent("e"),
      ],
      ["a young person", beneficiary("new", null), beneficiary("new", null)],
      ["a card", beneficiary("a", card("c", 1, 1)), beneficiary("b", card("c", 2, 2))],
      ["a card's number", beneficiary("a", card("c", 1, 1)), beneficiary("b", card("d", 1, null))],
      ["a card's chip", beneficiary("a", card("c", 1, 1)), beneficiary("b", card("d", 2, 1))],
      ["a partner", partner("new", null, null), partner("new", null, null)],
      ["a point of sale", partner("a", "pos", null), partner("b", "pos", null)],
      ["a convention", partner("a", null, "ref"), partner("b", null, "ref")],
    ])("%s", async (_, first, second) => {
      const { one, other, waiting } = await openTwo(postgres);
      await one.begin();
      await first(one);
      await other.begin();
      const order: string[] = [];
      const read = Promise.resolve(second(other)).then(() => order.push("read"));
      await waiting();
      order.push("over");
      await one.rollback();
      await read;
      expect(order).toEqual(["over", "read"]);
      await other.rollback();
    });
  });

  it("look for different things at the same time", async () => {
    const { one, other } = await openTwo(postgres);
    await one.begin();
    await other.begin();
    await beneficiary("a", card("c", 1, 1))(one);
    await partner("a", "pos", "ref")(one);
    await beneficiary("b", card("d", 2, 2))(other);
    await partner("b", "pos-b", "ref-b")(other);
    await one.rollback();
    await other.rollback();
  });

  /** The first gateway has done it and is about to commit, when the second gets it too. */
  async function bothDo(
    { stores: [first, second], proxy, waiting }: TwoGateways,
    command: Command,
  ): Promise<readonly Answer[]> {
    const committing = proxy.meet("holdBefore", /^COMMIT/);
    const answer = first.execute(command);
    const { release } = await committing;
    const copy = second.execute(command);
    await waiting();
    release();
    return Promise.all([answer, copy]);
  }

  it("give the same refund back once, and tell so twice, where nothing is left for a second one", async () => {
    const two = await openTwo(postgres);
    const { shop } = two;
    const sale = shop.request();
    expect(codeOf(await shop.authorize(sale))).toBe("APPROVED");
    const answers = await bothDo(two, {
      type: "refund",
      asker: { kind: "terminal", terminalId: shop.terminal().id },
      of: { terminalId: null, id: sale.id },
      request: { id: shop.newId() },
    });
    expect(answers).toMatchObject([
      { code: "REFUNDED", replayed: false },
      { code: "REFUNDED", replayed: true },
    ]);
    expect(await shop.spent("SPECTACLE")).toBe(0);
  });

  it("take the same event in once, and tell so twice", async () => {
    const two = await openTwo(postgres);
    const { shop } = two;
    const answers = await bothDo(
      two,
      shop.command(
        {
          type: "card.ordered",
          beneficiary: "new",
          holder: "Camille D.",
          etablissement: "LYCEE-1",
          campaign: "2022/2023",
          charterAcceptedOn: "2023-01-10",
        },
        { agent: OPERATOR },
      ),
    );
    expect(answers).toMatchObject([
      { type: "loaded", outcome: "applied", replayed: false },
      { type: "loaded", outcome: "applied", replayed: true },
    ]);
  });
});
