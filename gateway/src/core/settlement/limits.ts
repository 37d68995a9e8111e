// Limits of reimbursement that the edge and the reader behind it must agree on.

/**
 * The largest payment status report that is taken, in bytes: some thousands of payments. It is parsed in one go, and
 * the tills wait while that goes on: less than half a second for one of this size.
 */
export const STATUS_REPORT_BYTES_MAX = 1_048_576;
