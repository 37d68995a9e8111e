// Events on their way to the store: nothing of a card number in clear, the same event always the same digest.

import { withLuhn } from "@pass-tpe/protocol/standards";
import { expect, test } from "vitest";
import { seededKeys } from "../../../tests/support/keys.js";
import { seededRandom } from "../../../tests/support/random.js";
import { windowOfDays } from "../catalogue/civil-dates.js";
import type { Command } from "../core/ports.js";
import { createVerifier } from "../crypto/verifier.js";
import { createRegistry } from "./registry.js";

const { keys } = seededKeys(seededRandom(3));
const agent = { id: "operator-1", role: "operator", etablissement: null } as const;
const NUMBER = withLuhn("900000000000001");
const ID = "5f0c1a52-8a0e-4c60-9d0e-000000000001";

type LoadCommand = Extract<Command, { type: "load" }>;

/** What the store is given for an event that was sent. */
async function commandFor(body: object): Promise<LoadCommand> {
  const commands: Command[] = [];
  const registry = createRegistry({
    store: {
      async execute(command) {
        commands.push(command);
        return { type: "loaded", outcome: "applied", notes: [], replayed: false };
      },
    },
    verifier: createVerifier(keys),
    keys,
    windowOfDays,
  });
  expect(await registry.submit(agent, body)).toMatchObject({ type: "answered" });
  const [command] = commands;
  if (command?.type !== "load") throw new Error("no event reached the store");
  return command;
}

const card = { number: NUMBER, uid: "04AABBCCDDEEFF", generation: "SDM-1" };
const made = { id: ID, type: "card.made", beneficiary: "D2022-0001", card };

test("a card is sealed on its way, and a later event that names its number means the same card", async () => {
  const { event } = await commandFor(made);
  const { event: later } = await commandFor({
    id: ID,
    type: "card.withdrawn",
    beneficiary: "D2022-0001",
    cardNumber: NUMBER,
    status: "LOST",
  });
  if (event.type !== "card.made" || later.type !== "card.withdrawn")
    throw new Error("another event");
  expect(later.cardId).toBe(event.card.id);
  expect(event.card).toMatchObject({ lastFour: NUMBER.slice(-4), generation: "SDM-1" });
  for (const it of [event, later]) {
    expect(JSON.stringify(it)).not.toContain(NUMBER);
    expect(JSON.stringify(it).toLowerCase()).not.toContain(card.uid.toLowerCase());
  }
});

test("the digest is the same for another spelling of an event, and another for another event", async () => {
  const { fingerprint } = await commandFor(made);
  const { card: _card, ...rest } = made;
  const respelled = { card: { ...card, uid: card.uid.toLowerCase() }, ...rest };
  expect((await commandFor(respelled)).fingerprint).toEqual(fingerprint);
  const other = { ...made, beneficiary: "D2022-0002" };
  expect((await commandFor(other)).fingerprint).not.toEqual(fingerprint);
});

test("a convention's days are Paris days, the last one included", async () => {
  const convention = {
    reference: "C-1",
    state: "SIGNED",
    firstDay: "2022-06-01",
    lastDay: "2027-05-31",
    signature: { reference: "S-1", at: "2022-05-20T10:00:00+02:00" },
  };
  const { event } = await commandFor({
    id: ID,
    type: "convention.saved",
    partner: "P-1",
    convention,
  });
  expect(event).toMatchObject({
    convention: {
      fromMs: Date.parse("2022-05-31T22:00:00Z"),
      toMs: Date.parse("2027-05-31T22:00:00Z"),
      signature: { reference: "S-1", atMs: Date.parse("2022-05-20T08:00:00Z") },
    },
  });
});
