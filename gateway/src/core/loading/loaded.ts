// What an event changes, as data: the store applies all writes of an event or none.

import type { CardStatus, Convention, Grant, Supplement } from "../model.js";
import type { Window } from "../programme.js";
import type { BankAccount, EquipmentDeclaration, Justificatif } from "../settlement/model.js";
import type { LoadedCard } from "./event.js";
import type { FiledAccount, FiledPartner, FiledSuspension } from "./file.js";

export type LoadWrite =
  | { readonly type: "putAccount"; readonly account: FiledAccount }
  | {
      readonly type: "putCard";
      readonly accountId: string;
      readonly card: LoadedCard;
      readonly status: CardStatus;
    }
  | {
      readonly type: "setCardStatus";
      readonly cardId: string;
      readonly from: CardStatus;
      readonly to: CardStatus;
    }
  | { readonly type: "putGrant"; readonly accountId: string; readonly grant: Grant }
  | {
      /** More than before; what was spent stays. `amountBefore` is what was read. */
      readonly type: "raiseGrant";
      readonly accountId: string;
      readonly grantId: string;
      readonly amountBefore: number;
      readonly amount: number;
      readonly supplement: Supplement | null;
      readonly window: Window;
      readonly rule: string;
    }
  | {
      readonly type: "setGrantRevoked";
      readonly accountId: string;
      readonly grantId: string;
      readonly revoked: boolean;
    }
  | {
      /** Other ages than were said at first: a birth day was wrong. */
      readonly type: "setGrantAge";
      readonly accountId: string;
      readonly grantId: string;
      readonly ageWindow: Grant["ageWindow"];
    }
  | {
      readonly type: "putSuspension";
      readonly accountId: string;
      readonly suspension: FiledSuspension;
    }
  | {
      readonly type: "liftSuspension";
      readonly accountId: string;
      readonly suspensionId: string;
      readonly decisionRef: string;
      readonly atMs: number;
    }
  | { readonly type: "putPartner"; readonly partner: FiledPartner }
  | {
      readonly type: "putPointOfSale";
      readonly partnerId: string;
      readonly pointOfSaleId: string;
      readonly name: string;
      readonly city: string;
    }
  | {
      readonly type: "putConvention";
      readonly partnerId: string;
      readonly convention: Convention;
    }
  | { readonly type: "putAgrement"; readonly partnerId: string; readonly avantage: string }
  | { readonly type: "dropAgrement"; readonly partnerId: string; readonly avantage: string }
  | {
      readonly type: "putBankAccount";
      readonly partnerId: string;
      readonly account: BankAccount;
    }
  | {
      readonly type: "putDeclaration";
      readonly partnerId: string;
      readonly declaration: EquipmentDeclaration;
    }
  | {
      /** New, or with its rejection. */
      readonly type: "putJustificatif";
      readonly partnerId: string;
      readonly justificatif: Justificatif;
    }
  | {
      readonly type: "putReport";
      readonly partnerId: string;
      readonly report: string;
      readonly beneficiary: string;
      readonly receivedOn: string;
    };

/** Why an event is refused: stable codes for the operator API. */
export type LoadRefusalCode =
  /** The sender's role, or établissement, may not do this. */
  | "NOT_ALLOWED"
  /** Nobody, or no partner, card or suspension, has this name. */
  | "UNKNOWN_SUBJECT"
  /** Something must come first: the detail says what. */
  | "OUT_OF_ORDER"
  /** It says otherwise than what is on record. */
  | "CONTRADICTION"
  /** The programme has no such campaign, avantage, word or formation. */
  | "NOT_IN_PROGRAMME"
  /** Before orders or validations of the campaign open, or after it ended. */
  | "OUTSIDE_CAMPAIGN";

export type Loaded =
  | {
      /** `unchanged`: everything was as it says already. */
      readonly outcome: "applied" | "unchanged";
      /** For whoever reviews: what was unusual and done all the same. */
      readonly notes: readonly string[];
      readonly writes: readonly LoadWrite[];
    }
  | { readonly outcome: "refused"; readonly code: LoadRefusalCode; readonly detail: string };
