// One young person's file in memory: events are loaded into it and sales drawn on it, by the core alone.

import * as calendar from "../../../gateway/src/catalogue/civil-dates.js";
import { decide } from "../../../gateway/src/core/decide.js";
import type { Decided } from "../../../gateway/src/core/decision.js";
import type {
  Agent,
  Attributes,
  BeneficiaryEvent,
} from "../../../gateway/src/core/loading/event.js";
import type { BeneficiaryFile } from "../../../gateway/src/core/loading/file.js";
import { load } from "../../../gateway/src/core/loading/load.js";
import type { Loaded, LoadWrite } from "../../../gateway/src/core/loading/loaded.js";
import type { Visit } from "../../../gateway/src/core/model.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { type Reversed, reverse } from "../../../gateway/src/core/reverse.js";
import {
  anAccount,
  type CaseOptions,
  inquiryCase,
  NOW_MS,
  pinFacts,
  saleCase,
} from "../../support/builders.js";
import { OPERATOR, order, REGION, validation } from "./events.js";

export interface Register {
  file(): BeneficiaryFile;
  /** Loads an event, by whoever may send it where nobody is named; in March 2023 where no time is. */
  send(event: BeneficiaryEvent, from?: { readonly nowMs?: number; readonly agent?: Agent }): Loaded;
  /** How a sale by card number and code secret would be decided; at a partner of every kind where none is named. */
  decideSale(avantage: string, options?: CaseOptions): Decided;
  /** The same, with its effects. */
  sell(avantage: string, options?: CaseOptions): Decided;
  inquire(options?: CaseOptions): Decided;
  /** Reverses an approved sale. */
  giveBack(sale: Decided): Reversed;
  /** What is on record of an avantage's grants, the first one where there are several. */
  grant(avantage: string): BeneficiaryFile["grants"][number] | undefined;
}

const EMPTY: BeneficiaryFile = {
  account: null,
  cards: [],
  grants: [],
  suspensions: [],
  cardTaken: false,
};

const KEYED = { kind: "keyed", pin: pinFacts() } as const;

export function openRegister(programme: Programme): Register {
  let file = EMPTY;
  let visits: readonly Visit[] = [];
  const caseOf = (options: CaseOptions): CaseOptions => {
    const [card] = file.cards.filter(({ status }) => status === "ACTIVE");
    return {
      programme,
      facts: KEYED,
      grants: file.grants,
      suspensions: file.suspensions.filter(({ liftedAtMs }) => liftedAtMs === null),
      visits,
      ...options,
      card: options.card === null ? null : { ...card, ...options.card },
    };
  };
  const take = (sale: Pick<Decided, "effects">) => {
    for (const effect of sale.effects) {
      if (effect.type !== "post") continue;
      const grants = file.grants.map((grant) =>
        grant.id === effect.grantId ? { ...grant, spent: grant.spent + effect.units } : grant,
      );
      file = { ...file, grants };
    }
  };
  const decideSale = (avantage: string, options: CaseOptions = {}) =>
    decide(saleCase(caseOf({ ...options, avantage })));
  const grant = (avantage: string) => file.grants.find((it) => it.avantage === avantage);
  return {
    file: () => file,
    send(event, { nowMs = NOW_MS, agent = agentFor(event) } = {}) {
      const loaded = load({ event, agent, file, nowMs, programme, calendar });
      if (loaded.outcome !== "refused") file = loaded.writes.reduce(written, file);
      return loaded;
    },
    decideSale,
    sell(avantage, options = {}) {
      const decided = decideSale(avantage, options);
      take(decided);
      const visited = decided.effects.some(({ type }) => type === "recordVisit");
      if (visited) visits = [{ avantage, atMs: options.nowMs ?? NOW_MS }];
      return decided;
    },
    inquire: (options = {}) => decide(inquiryCase(caseOf(options))),
    giveBack(sale) {
      const debit = sale.effects.find((effect) => effect.type === "post");
      const attempt = {
        state: "approved",
        account: anAccount(),
        grant: file.grants.find(({ id }) => id === debit?.grantId) ?? null,
        hold: null,
        holds: [],
        partnerFlags: [],
        collectCents: null,
        taken: debit?.units ?? 0,
        returned: 0,
        settledFromMs: null,
      } as const;
      const reversed = reverse({ reason: "manual", attempt, nowMs: NOW_MS });
      take(reversed);
      return reversed;
    },
    grant,
  };
}

function agentFor({ type }: BeneficiaryEvent): Agent {
  return type.startsWith("suspension.") ? REGION : OPERATOR;
}

/** Somebody who ordered a card and was validated for 2022/2023. */
export function validated(programme: Programme, attributes: Partial<Attributes> = {}): Register {
  const register = openRegister(programme);
  register.send(order());
  register.send(validation(attributes));
  return register;
}

function written(file: BeneficiaryFile, write: LoadWrite): BeneficiaryFile {
  const changeGrant = (grantId: string, change: object) =>
    file.grants.map((grant) => (grant.id === grantId ? { ...grant, ...change } : grant));
  switch (write.type) {
    case "putAccount":
      return { ...file, account: write.account };
    case "putCard": {
      const { id, generation, lastFour } = write.card;
      const card = { id, generation, lastFour, status: write.status };
      return { ...file, cards: [...file.cards, card] };
    }
    case "setCardStatus":
      return {
        ...file,
        cards: file.cards.map((card) =>
          card.id === write.cardId ? { ...card, status: write.to } : card,
        ),
      };
    case "putGrant":
      return { ...file, grants: [...file.grants, write.grant] };
    case "raiseGrant": {
      const { grantId, amount, supplement, window, rule } = write;
      return { ...file, grants: changeGrant(grantId, { amount, supplement, window, rule }) };
    }
    case "setGrantRevoked":
      return { ...file, grants: changeGrant(write.grantId, { revoked: write.revoked }) };
    case "setGrantAge":
      return { ...file, grants: changeGrant(write.grantId, { ageWindow: write.ageWindow }) };
    case "putSuspension":
      return { ...file, suspensions: [...file.suspensions, write.suspension] };
    case "liftSuspension":
      return {
        ...file,
        suspensions: file.suspensions.map((it) =>
          it.id === write.suspensionId ? { ...it, liftedAtMs: write.atMs } : it,
        ),
      };
    default:
      throw new Error(`${write.type} is not about a young person`);
  }
}
