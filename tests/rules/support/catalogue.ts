// The checked-in catalogue as the gateway loads it, and the instants that its rules turn on.

import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { catalogueData } from "../../support/programme.js";

export const CATALOGUE: Programme = loadProgramme(catalogueData());

/** An instant by its UTC text, so that no test leans on the calendar that it tests. */
export const at = (utc: string): { readonly nowMs: number } => ({ nowMs: Date.parse(utc) });

/** In the last campaign's school year. */
export const MAY_2022 = at("2022-05-10T10:00:00Z");
/** Both campaigns have something open. */
export const JUNE_2022 = at("2022-06-15T10:00:00Z");
/** Nothing of culture, sport and santé is open. */
export const JULY_2022 = at("2022-07-14T08:00:00Z");
