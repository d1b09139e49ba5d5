import { ConfigError } from './config-error';
import type { ConfigPath } from './node';

/**
 * Where `# @package net.inner` at the head of an option puts its values, and what its own defaults choose relative to it: a path from the root.
 * Undefined without such a line, which has to be the first, as in Hydra. Throws ConfigError for an invalid key.
 */
export function packageOf(text: string, shown: string): ConfigPath | undefined {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const header = /^\s*#\s*@(.*)$/.exec(line);
    if (!header) return undefined;
    const [key, ...given] = header[1].trim().split(/\s+/);
    if (key !== 'package') continue;
    const place = `${shown}:${index + 1}:1: # @package ${given.join(' ')}`;
    if (given.length !== 1) throw new ConfigError([`${place}, expected one key, as in # @package _global_`]);
    return pathOf(given[0], place);
  }
  return undefined;
}

function pathOf(given: string, place: string): ConfigPath {
  const name = given.replace(/^_global_(\.|$)/, '');
  const parts = name === '' ? [] : name.split('.');
  if (parts.every((part) => /^[\w-]+$/.test(part))) return parts;
  throw new ConfigError([`${place} is not a key, expected one as in # @package model.jtg, or _global_`]);
}
