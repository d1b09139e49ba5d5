import { constants } from 'node:os';

/** Errors of the file system that the user can fix, with what to do; `place` is the file or folder. */
const remedies: Readonly<Record<string, (place: string) => string>> = {
  EACCES: (place) => `no permission for ${place}. Change its permissions, or choose another place`,
  EPERM: (place) => `no permission for ${place}. Change its permissions, or choose another place`,
  ENOTDIR: (place) => `a folder on the way to ${place} is a file. Choose another place`,
  ELOOP: (place) => `${place} is a link that leads back to itself. Delete the link, or let it lead to a file`,
  ENAMETOOLONG: (place) => `a name on the way to ${place} is longer than the file system allows, mostly 255 bytes. Choose a shorter one`,
  EMFILE: (place) => `this process has too many files open to open ${place}. Raise the limit (ulimit -n), or run fewer jobs at once`,
  ENFILE: (place) => `this machine has too many files open to open ${place}. Close other programs, or run fewer jobs at once`,
  EIO: (place) => `the disk of ${place} failed. Check it, and its connection, or choose another place`,
  ESTALE: (place) => `the file server of ${place} has lost it. Mount it again, or choose another place`,
  ENOTCONN: (place) => `the file server of ${place} is not connected. Mount it again, or choose another place`,
  ETIMEDOUT: (place) => `the file server of ${place} does not answer. Mount it again, or choose another place`,
  ENXIO: (place) => `${place} is a socket or a device, expected a file. Name another`,
};

/** The remedy for the error `code` at `place`; undefined if only the caller knows. */
export const remedyFor = (code: string, place: string): string | undefined =>
  Object.hasOwn(remedies, code) ? remedies[code](place) : undefined;

/** The name of an error of the file system; undefined for other errors. Node has no name for ESTALE and EDQUOT, but the system does. */
export function codeOf(error: unknown): string | undefined {
  const { code, errno = 0 } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('Unknown system error')) return code;
  return Object.entries(constants.errno).find(([, number]) => number === -errno)?.[0] ?? code;
}
