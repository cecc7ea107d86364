/** A text as a pattern of LIKE that finds the text itself: Prisma hands on `%` and `_` as they are. */
export const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
