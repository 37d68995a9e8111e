// The twenty instants at which a day of the programme begins or ends, decided to the second in Paris time.

import { describe, expect, it } from "vitest";
import { grantOf, saleCase } from "../../../tests/support/builders.js";
import { windowOfMonths } from "../catalogue/civil-dates.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";
import type { Grant } from "./model.js";

const OLD = "2021/2022";
const NEW = "2022/2023";

const CLOSED_AFTER = (day: string) => ({
  code: "WINDOW_CLOSED",
  line: `UTILISABLE JUSQU'AU ${day}`,
});
const OPENS_ON = (day: string) => ({ code: "WINDOW_NOT_OPEN", line: `A PARTIR DU ${day}` });
const EXPIRED_AFTER = (day: string) => ({
  code: "GRANT_EXPIRED",
  line: `UTILISABLE JUSQU'AU ${day}`,
});

/** An aid loaded at noon in Paris on a day, good for 24 months. */
function permisLoaded(day: string): Grant {
  const window = windowOfMonths(Date.parse(`${day}T11:00:00Z`), 24);
  return grantOf("PERMIS_B", { campaign: null, window });
}

interface Row {
  readonly utc: string;
  readonly grant: Grant;
  readonly refusal?: { readonly code: string; readonly line: string };
}

const of = (code: string, campaign: string) => grantOf(code, { campaign });

const ROWS: readonly Row[] = [
  { utc: "2022-05-31T21:59:59Z", grant: of("EQUIPEMENT", OLD) },
  {
    utc: "2022-05-31T22:00:00Z",
    grant: of("EQUIPEMENT", OLD),
    refusal: CLOSED_AFTER("31/05/2022"),
  },
  {
    utc: "2022-06-06T21:59:59Z",
    grant: of("MANUELS_CREDIT", NEW),
    refusal: OPENS_ON("07/06/2022"),
  },
  { utc: "2022-06-06T22:00:00Z", grant: of("MANUELS_CREDIT", NEW) },
  { utc: "2022-06-15T10:00:00Z", grant: of("SPECTACLE", OLD) },
  { utc: "2022-06-15T10:00:00Z", grant: of("SPECTACLE", NEW), refusal: OPENS_ON("01/09/2022") },
  { utc: "2022-06-30T21:59:59Z", grant: of("CINEMA", OLD) },
  { utc: "2022-06-30T22:00:00Z", grant: of("CINEMA", OLD), refusal: CLOSED_AFTER("30/06/2022") },
  { utc: "2022-07-14T08:00:00Z", grant: permisLoaded("2022-03-01") },
  { utc: "2022-08-31T21:59:59Z", grant: of("LICENCE", NEW), refusal: OPENS_ON("01/09/2022") },
  { utc: "2022-08-31T22:00:00Z", grant: of("LICENCE", NEW) },
  { utc: "2023-05-31T21:59:59Z", grant: of("EQUIPEMENT", NEW) },
  {
    utc: "2023-05-31T23:30:00Z",
    grant: of("EQUIPEMENT", NEW),
    refusal: CLOSED_AFTER("31/05/2023"),
  },
  { utc: "2023-05-31T23:30:00Z", grant: of("LIVRES_LOISIR", NEW) },
  { utc: "2023-06-30T21:59:59Z", grant: of("PSC1", NEW) },
  { utc: "2023-06-30T22:00:00Z", grant: of("MUSEE", NEW), refusal: CLOSED_AFTER("30/06/2023") },
  { utc: "2024-10-15T21:59:59Z", grant: permisLoaded("2022-10-15") },
  {
    utc: "2024-10-15T22:00:00Z",
    grant: permisLoaded("2022-10-15"),
    refusal: EXPIRED_AFTER("15/10/2024"),
  },
  { utc: "2026-02-28T22:59:59Z", grant: permisLoaded("2024-02-29") },
  {
    utc: "2026-02-28T23:00:00Z",
    grant: permisLoaded("2024-02-29"),
    refusal: EXPIRED_AFTER("28/02/2026"),
  },
];

function answerTo({ utc, grant }: Row) {
  const input = saleCase({ avantage: grant.avantage, grants: [grant], nowMs: Date.parse(utc) });
  const decided = authorize(input);
  return { decided, answer: authorizationAnswer(input.request, decided, input) };
}

const named = ROWS.map((row, index) => ({
  ...row,
  title: `${index + 1}: ${row.grant.avantage} at ${row.utc} is ${row.refusal?.code ?? "approved"}`,
}));

describe("the boundary instants", () => {
  it.each(named)("$title", (row) => {
    const { decided, answer } = answerTo(row);
    if (row.refusal) {
      expect(decided.code).toBe(row.refusal.code);
      expect(answer.display[1]).toBe(row.refusal.line);
      expect(decided.effects.some((effect) => effect.type === "post")).toBe(false);
    } else {
      expect(answer.outcome).toBe("approved");
    }
  });

  it("stand one millisecond apart: the last of a day is open, the first of the next is not", () => {
    const grant = of("CINEMA", OLD);
    const { toMs } = grant.window;
    const codeAt = (nowMs: number) =>
      authorize(saleCase({ avantage: "CINEMA", grants: [grant], nowMs })).code;
    expect([codeAt(toMs - 1), codeAt(toMs)]).toEqual(["APPROVED_SEATS", "WINDOW_CLOSED"]);
  });
});
