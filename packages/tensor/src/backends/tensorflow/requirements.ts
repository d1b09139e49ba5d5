/**
 * What a wheel's METADATA asks for under `extra`, as pip takes it: name and versions, and what is left of the condition. Throws where the
 * wheel has no such extra, or a condition joins it to others by more than `and`. Source: the core metadata specification, Requires-Dist, and
 * the dependency specifiers of packaging.python.org.
 */
export function requirementsOfExtra(metadata: string, extra: string): string[] {
  const [headers] = metadata.replaceAll('\r\n', '\n').split('\n\n'); // a description follows
  const found = headers
    .split('\n')
    .filter((line) => /^Requires-Dist:/i.test(line))
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
    .map((requirement) => withoutExtra(requirement, extra))
    .filter((requirement) => requirement !== undefined);
  if (found.length === 0) throw new Error(`the wheel's METADATA asks for nothing under the extra ${extra}`);
  return found;
}

/** The requirement without the clause that names the extra; undefined where it has none of that name. */
function withoutExtra(requirement: string, extra: string): string | undefined {
  const [what, condition = ''] = requirement.split(/;(.*)/).map((part) => part.trim());
  const clauses = condition.split(/\s+and\s+(?![^(]*\))/); // those in parentheses stay together
  const named = (clause: string): boolean => {
    const name = /^\(?\s*extra\s*==\s*(['"])([\w.-]+)\1\s*\)?$/.exec(clause)?.[2];
    return name !== undefined && normal(name) === normal(extra);
  };
  const others = clauses.filter((clause) => !named(clause));
  if (others.length === clauses.length) {
    const isElsewhere = [...condition.matchAll(/extra\s*==\s*(['"])([\w.-]+)\1/g)].some(([, , name]) => normal(name) === normal(extra));
    if (isElsewhere) throw new Error(`the wheel's METADATA asks for ${requirement}: the condition is not understood`);
    return undefined;
  }
  return others.length === 0 ? what : `${what}; ${others.join(' and ')}`;
}

/** Names of projects and extras are equal up to case and the kind of dash. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
