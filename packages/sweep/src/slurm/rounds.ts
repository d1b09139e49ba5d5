/** A repeated piece of work that never overlaps itself. */
export interface Rounds {
  wake(): void; // starts a round soon
  idle(): Promise<void>; // resolves once a round left nothing to do; rejects when one fails
}

/** `round` returns the seconds until the next one, or undefined if it should wait to be woken. */
export function createRounds(round: () => Promise<number | undefined>): Rounds {
  let running = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  const settle = (how: (each: (typeof waiting)[number]) => void) => {
    const all = waiting;
    waiting = [];
    all.forEach(how);
  };
  async function run(): Promise<void> {
    let pause: number | undefined;
    do {
      again = false;
      pause = await round();
    } while (again);
    running = false;
    if (pause === undefined) settle(({ resolve }) => resolve());
    else timer = setTimeout(wake, 1000 * pause);
  }
  function wake(): void {
    again = true;
    if (running) return;
    running = true;
    clearTimeout(timer);
    setImmediate(() =>
      run().catch((error: unknown) => {
        running = false;
        if (waiting.length === 0) throw error; // nobody awaits it: raised like any error of a timer
        settle(({ reject }) => reject(error));
      }),
    );
  }
  return {
    wake,
    idle: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
  };
}
