const always = 'python_version >= "3"';

/**
 * What a wheel's METADATA asks for under `extra`, as pip takes it: the clause that names the extra is replaced by one that holds, the rest of
 * a condition is left to pip. Throws if the wheel has no such extra. Source: the core metadata specification, Requires-Dist, and the
 * dependency specifiers of packaging.python.org.
 */
export function requirementsOfExtra(metadata: string, extra: string): string[] {
  const [headers] = metadata.replaceAll('\r\n', '\n').split('\n\n'); // a description follows
  const found = [...headers.matchAll(/^Requires-Dist:\s*(.*)$/gim)].flatMap(([, requirement]) => {
    const asked = requirement.replace(/extra\s*==\s*(['"])([\w.-]+)\1/g, (clause, _quote, name: string) =>
      normal(name) === normal(extra) ? always : clause,
    );
    return asked === requirement ? [] : [withoutCertainty(asked)];
  });
  if (found.length === 0) throw new Error(`METADATA asks for nothing under the extra ${extra}`);
  return found;
}

function withoutCertainty(requirement: string): string {
  const [what, condition] = requirement.split(/\s*;\s*/);
  return condition.replace(/^\((.*)\)$/, '$1').trim() === always ? what : requirement;
}

/** Names of projects and extras are equal up to case and the kind of dash. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
