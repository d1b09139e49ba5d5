/** Experiments that were renamed: present name -> former name. Older runs and sweeps are in folders of the former name. */
const formerNames: Readonly<Record<string, string>> = { 'module-ablation': 'worth', 'tass-small': 'mini-avqa' };

/** `tass-small` for `mini-avqa`; any other name unchanged. */
export const presentName = (name: string): string => Object.keys(formerNames).find((present) => formerNames[present] === name) ?? name;

/** The name and, of a renamed experiment, its former one. */
export const namesOf = (name: string): readonly string[] => (Object.hasOwn(formerNames, name) ? [name, formerNames[name]] : [name]);
