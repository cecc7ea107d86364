/** Seeds with which a property once failed. Each is tried again every time. */
export const SEEDS: readonly number[] = [20_261_121, 2_056_900_337, -1_146_182_441, -618_839_955, -247_893_115];
