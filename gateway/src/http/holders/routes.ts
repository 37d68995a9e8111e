// The route table of the holders' listener: each request brings dossier and password, for there is no session.

import { z } from "zod";
import type { HolderAccounts, HolderRefusal, PinState } from "../../core/holders.js";
import { parseBody } from "../body.js";
import { HolderProblemError, refusalProblem } from "./problems.js";
import { WRONG_OPENING_CODE, WRONG_PASSWORD } from "./words.js";

export interface HolderRoute {
  readonly path: string;
  readonly operation: string;
  /** @throws HolderProblemError with what was refused. */
  readonly handle: (accounts: HolderAccounts, body: unknown) => Promise<object>;
}

const TEXT_LENGTH_MAX = 64;
/** Longer than any password that is taken: which length is right is the rules' to say. */
const PASSWORD_LENGTH_MAX = 1_024;

/** In the one spelling of the records, before tries of it are counted: each spelling would have tries of its own. */
const DossierSchema = z.string().trim().toUpperCase().min(1).max(TEXT_LENGTH_MAX);
const PasswordSchema = z.string().min(1).max(PASSWORD_LENGTH_MAX);
const LoginSchema = z.strictObject({ dossier: DossierSchema, password: PasswordSchema });
const OpeningSchema = LoginSchema.extend({ openingCode: z.string().min(1).max(TEXT_LENGTH_MAX) });
const PinSchema = LoginSchema.extend({ pin: z.string().max(TEXT_LENGTH_MAX) });

export const HOLDER_ROUTES: readonly HolderRoute[] = [
  {
    path: "/v1/account/opening",
    operation: "openAccount",
    async handle(accounts, body) {
      const result = await accounts.open(parseBody(OpeningSchema, body));
      if (result.type !== "opened") throw refused(result, WRONG_OPENING_CODE);
      return { account: "OPEN" };
    },
  },
  {
    path: "/v1/account/pin-state",
    operation: "readPinState",
    async handle(accounts, body) {
      const result = await accounts.pinState(parseBody(LoginSchema, body));
      if (result.type !== "state") throw refused(result, WRONG_PASSWORD);
      return told(result);
    },
  },
  {
    path: "/v1/account/pin",
    operation: "setPin",
    async handle(accounts, body) {
      const result = await accounts.setPin(parseBody(PinSchema, body));
      if (result.type !== "set") throw refused(result, WRONG_PASSWORD);
      return told(result);
    },
  },
];

function refused(refusal: HolderRefusal, wrong: string): HolderProblemError {
  return new HolderProblemError(refusalProblem(refusal, wrong));
}

const told = ({ card, pin }: PinState): PinState => ({ card, pin });
