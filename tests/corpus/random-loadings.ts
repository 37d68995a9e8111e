// Random histories of events on a memory driver, so that each meets a file that events before it have made.

import fc from "fast-check";
import { parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import { isPartnerEvent } from "../../gateway/src/core/loading/case.js";
import type { Agent, LoadEvent, LoadedCard } from "../../gateway/src/core/loading/event.js";
import { load } from "../../gateway/src/core/loading/load.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { type EventWorld, eventOf } from "../properties/support/event-of.js";
import { randomEvent } from "../properties/support/random-events.js";
import { grantRecords, OPERATOR, partnerRecord, REGION } from "../support/shop.js";
import { type LoadingLine, loadingCase, outcomeOfLoading } from "./loading-corpus.js";

const HISTORIES = 250;
const EVENTS_MAX = 60;
const DAY_MS = 86_400_000;

const own = (etablissement: string | null): Agent => ({
  id: "etablissement-0",
  role: "etablissement",
  etablissement,
});
/** Whoever may send it, for the most part. */
const agent = fc.constantFrom(null, null, null, null, OPERATOR, REGION, own("E-0"), own(null));
const history = fc.record({
  startDay: fc.integer({ min: -20, max: 300 }),
  ordered: fc.boolean(),
  steps: fc.array(
    fc.record({ event: randomEvent, agent, waitDays: fc.constantFrom(0, 0, 1, 30) }),
    {
      minLength: EVENTS_MAX / 2,
      maxLength: EVENTS_MAX,
      size: "max",
    },
  ),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const byteOf = (value: number) => Uint8Array.from({ length: 4 }, () => value);

function loadedCard(index: number, generation: string): LoadedCard {
  return {
    id: `card-${index}`,
    generation,
    lastFour: String(index).padStart(4, "0"),
    numberIndex: byteOf(index),
    numberEncrypted: byteOf(100 + index),
    identifierIndex: index % 2 === 0 ? byteOf(index) : null,
  };
}

/** Every event of seeded random histories, with what was on record and what it changed. */
export async function randomLoadings(
  programme: Programme,
  seed: number,
): Promise<readonly LoadingLine[]> {
  const lines: LoadingLine[] = [];
  for (const one of fc.sample(fc.noBias(history), { seed, numRuns: HISTORIES })) {
    lines.push(...(await play(programme, one)));
  }
  return lines;
}

async function play(programme: Programme, { startDay, ordered, steps }: History) {
  const driver = memoryDriver();
  const generations = [...programme.generations.keys(), "UNKNOWN"];
  const world: Omit<EventWorld, "today"> = {
    programme,
    partner: "partner-1",
    beneficiaries: ["account-0", "account-1", "account-2"],
    cards: [0, 1, 2, 3, 4, 5, 6].map((at) =>
      loadedCard(at, generations[Math.min(at % 4, 2)] ?? "UNKNOWN"),
    ),
    holder: "Camille D.",
  };
  // One was taken over with a card and grants; one is on record with nothing; one is not there.
  const [card] = world.cards;
  if (!card) throw new Error("a world has cards");
  await driver.load({
    partners: [
      partnerRecord({ agrements: ["SPECTACLE"] }),
      partnerRecord({ id: "partner-2", conventions: [] }),
    ],
    accounts: ["account-0", "account-1"].map((id) => ({ id, holder: world.holder })),
    cards: [{ ...card, accountId: "account-0", status: "ACTIVE", credential: null }],
    grants: grantRecords("account-0", { SPECTACLE: 3000, SANTE_COUPON: 2 }),
  });
  let nowMs = Date.parse("2022-06-07T08:00:00Z") + startDay * DAY_MS;
  const lines: LoadingLine[] = [];
  const send = async (event: LoadEvent, by: Agent) => {
    lines.push(await happen({ driver, programme, event, agent: by, nowMs, no: lines.length }));
  };
  for (const beneficiary of ordered ? world.beneficiaries : []) {
    await send(orderOf(beneficiary, world.holder), OPERATOR);
  }
  for (const step of steps) {
    nowMs += step.waitDays * DAY_MS;
    const event = eventOf(step.event, { ...world, today: parisDay(nowMs) });
    await send(event, step.agent ?? (event.type.startsWith("suspension") ? REGION : OPERATOR));
  }
  return lines;
}

function orderOf(beneficiary: string, holder: string): LoadEvent {
  return {
    type: "card.ordered",
    beneficiary,
    holder,
    etablissement: "E-0",
    campaign: "2022/2023",
    charterAcceptedOn: "2022-06-07",
  };
}

async function happen(of: {
  readonly driver: Driver;
  readonly programme: Programme;
  readonly event: LoadEvent;
  readonly agent: Agent;
  readonly nowMs: number;
  readonly no: number;
}): Promise<LoadingLine> {
  const { driver, programme, event, agent, nowMs, no } = of;
  const input = { event, agent, nowMs, file: await fileOf(driver, event) };
  const { outcome, writes } = outcomeOfLoading(load(loadingCase(input, programme)));
  await driver.begin();
  await driver.applyEvent(
    {
      id: `event-${no}`,
      agentId: agent.id,
      role: agent.role,
      type: event.type,
      subject: "",
      atMs: nowMs,
      fingerprint: byteOf(0),
      outcome: "applied",
      refusal: null,
      notes: [],
    },
    writes,
  );
  await driver.sync();
  return { programme: programme.hash, ...structuredClone(input), outcome, writes };
}

/** What a store reads when an event comes. */
function fileOf(driver: Driver, event: LoadEvent) {
  if (!isPartnerEvent(event)) {
    const card = "card" in event ? event.card : null;
    return driver.readBeneficiary({ id: event.beneficiary, card });
  }
  return driver.readPartner({
    id: event.partner,
    pointOfSaleId: event.type === "pointOfSale.saved" ? event.pointOfSale : null,
    conventionReference: event.type === "convention.saved" ? event.convention.reference : null,
  });
}
