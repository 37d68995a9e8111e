// The seeds that every run of the tests plays.

export const FIRST_SEED = 1;
export const SEEDS = 200;
