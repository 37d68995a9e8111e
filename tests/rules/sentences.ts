// Every sentence of the French source, and the tests that show those which state a rule.

import { DATES_AND_NEWS } from "./sentences/dates.js";
import { LEISURE } from "./sentences/leisure.js";
import type { SentenceRow } from "./sentences/row.js";
import { SCHOOL } from "./sentences/school.js";

/** In the order of the source. */
export const SENTENCES: readonly SentenceRow[] = [...DATES_AND_NEWS, ...SCHOOL, ...LEISURE];
