// Opens a store under any programme, with holders who have something to use, for random moves to be played on.

import type { LoadEvent } from "../../../gateway/src/core/loading/event.js";
import type { Answer, Command, LoadCommand } from "../../../gateway/src/core/ports.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import type { Driver } from "../../../gateway/src/store/driver.js";
import type { EmbeddedStore } from "../../../gateway/src/store/engine.js";
import type { LoadBatch } from "../../../gateway/src/store/records.js";
import { aConvention } from "../../support/builders.js";
import { OPERATOR, openShop, partnerRecord, REGION, type Shop } from "../../support/shop.js";
import { CARDS, type Move, TERMINALS } from "./moves.js";
import { type PlayCommand, player } from "./player.js";

const HOLDER = "Camille D.";
const PARTNER = "partner-1";

export interface Play {
  readonly shop: Shop;
  readonly driver: Driver;
  readonly accounts: readonly string[];
  /** What was loaded before the first move. */
  readonly batch: LoadBatch;
  /** The command of a move; the clock moves on. */
  next(move: Move): PlayCommand;
  /** Remembers what was answered, for the moves that come back to it. */
  learn(command: PlayCommand, answer: Answer): void;
  /** An event of its usual sender under a new id. */
  command(event: LoadEvent): LoadCommand;
  /** Another store with the same keys, clock, programme and data. */
  openOther(driver: Driver): Promise<EmbeddedStore>;
}

/** Orders, validations and commitments, so that most holders have something to use. */
function firstEvents(programme: Programme, accounts: readonly string[]): readonly LoadEvent[] {
  const { vocabulary, campaigns } = programme;
  const word = (words: readonly string[]) => words[0] ?? "";
  const { commitment: commitments, proofs } = vocabulary;
  const rewarded = accounts.flatMap((beneficiary) =>
    commitments.map((commitment): LoadEvent => {
      return { type: "commitment.fulfilled", beneficiary, commitment, proofs };
    }),
  );
  const validated = accounts.flatMap((beneficiary) =>
    campaigns.flatMap(({ code: campaign }): readonly LoadEvent[] => [
      {
        type: "card.ordered",
        beneficiary,
        holder: HOLDER,
        etablissement: "E-0",
        campaign,
        charterAcceptedOn: "2023-01-10",
      },
      {
        type: "beneficiary.validated",
        beneficiary,
        campaign,
        etablissement: "E-0",
        attributes: {
          status: word(vocabulary.status),
          level: word(vocabulary.level),
          track: word(vocabulary.track),
          formation: [...programme.formations.keys()][0] ?? null,
          flags: [],
          birthDay: "2006-03-15",
        },
      },
    ]),
  );
  return [...validated, ...rewarded];
}

/** Opens a store under a programme, with a partner that may take everything, and holders who were validated. */
export async function openPlay(
  driver: Driver,
  { programme, seed }: { readonly programme: Programme; readonly seed: number },
): Promise<Play> {
  const shop = await openShop(driver, {
    programme,
    seed,
    cards: CARDS,
    terminals: TERMINALS,
    grants: {},
  });
  const accounts = Array.from({ length: CARDS }, (_, index) => `account-${index}`);
  const world = {
    programme,
    partner: PARTNER,
    beneficiaries: accounts,
    cards: (shop.batch.cards ?? []).map(
      ({ accountId: _, status: __, credential: ___, ...it }) => it,
    ),
    holder: HOLDER,
  };
  const { partnerTypes: types, partnerFlags: flags } = programme.vocabulary;
  const partner = partnerRecord({
    types,
    flags,
    agrements: [...programme.avantages.keys()],
    conventions: [aConvention()],
  });
  const batch = { ...shop.batch, partners: [partner] };
  const prepare = async (store: EmbeddedStore, commands: readonly Command[]) => {
    await store.load(batch);
    for (const command of commands) await store.execute(command);
  };
  const command = (one: LoadEvent) =>
    shop.command(one, { agent: one.type.startsWith("suspension") ? REGION : OPERATOR });
  const first = firstEvents(programme, accounts).map(command);
  await prepare(shop.store, first);
  return {
    shop,
    driver,
    accounts,
    batch,
    command,
    ...player({ shop, programme, world, command }),
    async openOther(other) {
      const store = shop.openStore(other);
      await prepare(store, first);
      return store;
    },
  };
}
