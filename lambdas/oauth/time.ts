/** Epoch seconds, the unit of `expiresAt`. */
export const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
