/** What would break out of a page that does not escape it. */
export const hostileTexts = [
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style><script>alert(1)</script>',
  '<!--',
] as const;

/** The tags of a page, in order: no text may change them. */
export const tagsOf = (page: string): string => (page.match(/<\/?[a-z!-][^\s>]*/gi) ?? []).join('');

/** A text as a page may hold it. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
