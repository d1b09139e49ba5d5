const most = 4096; // texts that are kept; a file of other ones would fill the memory

/** `read`, called once for each text, because a file's rows repeat few different ones. Results are shared and must not be changed. */
export function remembering<Result>(read: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = read(text);
    if (known.size < most) known.set(text, result);
    return result;
  };
}
