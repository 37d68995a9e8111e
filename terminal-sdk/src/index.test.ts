// Pins the public face: a name that goes or comes here is a change for every till.

import { expect, it } from "vitest";
import * as sdk from "./index.js";

it("gives an integrator these names, and no inner part", () => {
  expect(Object.keys(sdk).sort()).toEqual([
    "DEFAULT_DEADLINES",
    "ERROR_CODES",
    "Journal",
    "PassTpeError",
    "ReaderSetupError",
    "Terminal",
    "createPresentationGate",
    "decodeQrFrame",
    "enrolTerminal",
    "exportPkcs12",
    "imageQrReader",
    "importPkcs12",
    "installPinKey",
    "isRetryable",
    "keyedEntry",
    "loadCredentials",
    "pcscReader",
    "readCard",
    "receiptLines",
    "receiptOf",
    "saveCredentials",
    "serialQrReader",
    "softwarePinPad",
  ]);
});
