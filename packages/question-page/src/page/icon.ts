/** An eye, for the tab of a page. */
export const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Cpath d="M1 8s2.500-5 7-5 7 5 7 5-2.500 5-7 5-7-5-7-5z" fill="%230a7ab5"/%3E%3Ccircle cx="8" cy="8" r="2.600" fill="white"/%3E%3C/svg%3E';
