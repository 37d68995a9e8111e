// One statement for all that a gateway looks at every second: keys, gaps and where the chain is.

import type { Shared } from "../shared.js";
import type { Connections } from "./connection.js";

const LOOK = `SELECT k.check_value, k.versions, h.no AS head_no, h.hash AS head_hash,
    (SELECT hash FROM links WHERE no = $1) AS hash,
    (SELECT coalesce(string_agg(concat_ws(' ', no, coalesce(reconciled_event_id, '-'), coalesce(signed_event_id, '-')), ', ' ORDER BY no), '')
      FROM gaps) AS gaps
  FROM (SELECT 1) AS one LEFT JOIN ledger_keys k ON true
    LEFT JOIN LATERAL (SELECT no, hash FROM heads ORDER BY no DESC LIMIT 1) h ON true`;

interface Row {
  readonly check_value: Uint8Array | null;
  readonly versions: string | null;
  readonly head_no: number | null;
  readonly head_hash: Uint8Array | null;
  readonly hash: Uint8Array | null;
  readonly gaps: string;
}

/** @param watch waits for no sale, and no sale for it. */
export function prepareShared({ query }: Pick<Connections, "query">) {
  return async (linkNo: number): Promise<Shared> => {
    const { rows } = await query({ name: "shared", text: LOOK, values: [linkNo] });
    const row: Row | undefined = rows[0];
    const { check_value: checkValue = null, versions = null } = row ?? {};
    const { head_no: no = null, head_hash: headHash = null } = row ?? {};
    return {
      keys:
        checkValue === null || versions === null
          ? null
          : { checkValue, versions: JSON.parse(versions) },
      gaps: row?.gaps ?? "",
      hash: row?.hash ?? null,
      lastHead: no === null || headHash === null ? null : { no, hash: headHash },
    };
  };
}
