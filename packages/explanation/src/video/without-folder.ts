/** Pages are shared, so they show only the last two parts of a path. */
export const withoutFolder = (message: string): string => message.replaceAll(/\S+/g, (word) => word.split('/').slice(-2).join('/'));
