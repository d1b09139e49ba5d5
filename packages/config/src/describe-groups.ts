import { foldersOf, isGrid, listExperiments, listOptions } from './experiment-files';

/** What an experiments folder offers, for help texts: experiments, grids, and groups with their options. */
export function describeGroups(root: string): string {
  const all = listExperiments(root);
  const grids = all.filter((name) => isGrid(root, name));
  const groups = foldersOf(root).flatMap((group) => {
    const options = listOptions(root, group).filter((option) => !all.includes(`${group}/${option}`));
    return options.length > 0 ? [{ group, options }] : [];
  });
  const width = Math.max(0, ...groups.map(({ group }) => group.length));
  return [
    `Experiments: ${all.filter((name) => !grids.includes(name)).join(', ') || 'none'}`,
    `Grids: ${grids.join(', ') || 'none'}`,
    'Groups, group=option:',
    ...groups.map(({ group, options }) => `  ${group.padEnd(width)}  ${options.join(', ')}`),
  ].join('\n');
}
