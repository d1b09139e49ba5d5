/** 'question' for one, 'questions' for others; 'batch', 'batches' */
export const plural = (count: number, thing: string): string =>
  count === 1 ? thing : `${thing}${/(?:ch|sh|s|x)$/.test(thing) ? 'es' : 's'}`;

/** '1 question', '2 questions' */
export const counted = (count: number, thing: string): string => `${count} ${plural(count, thing)}`;
