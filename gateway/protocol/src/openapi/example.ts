// What an example is, and the sale that most of them speak of.

/** A message as it could be, with a line on what it shows. */
export interface Example<T> {
  readonly summary: string;
  readonly value: T;
}

export const EXAMPLE_ID = "019a3c5e-7b1d-7a42-9c0e-5f2d8b6a1e34";
export const EXAMPLE_REFUND_ID = "019a3c7a-10c2-7b0e-8d55-2c9e4f7a6b10";
/** The request that follows a tap with the code secret. */
export const EXAMPLE_STEP_UP_ID = "019a3c5e-9d20-7c11-8f47-0b6a3e5d2c71";
export const EXAMPLE_PROOF_REF = "q2VtX0hOc1pLd0ZrT1B4Qg";
