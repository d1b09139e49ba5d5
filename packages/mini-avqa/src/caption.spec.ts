import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCaption } from './caption';
import { randomOf } from './random';
import type { Scene } from './scene';

const quartet = JSON.parse(readFileSync(join(__dirname, '../fixtures/quartet.json'), 'utf8')) as Scene;
const random = randomOf(1, 'captions');
const captions = Array.from({ length: 2000 }, () => drawCaption(quartet, 5, random));
const parts = new Set(
  captions.flatMap((caption) => caption.replace(/^(a photo of |four instruments : |indoor performance , )/, '').split(' , ')),
);

describe('drawCaption', () => {
  it('says nothing but what is in the picture, and all of it', () => {
    const counted = ['two violin', 'a drum', 'a piano'];
    const placed = ['a drum on the left', 'a piano on the left', 'a violin on the middle', 'a violin on the right'];
    const doing = ['a drum silent', 'a piano silent', 'a violin silent', 'a violin playing']; // in second 5 only the violin on the right plays
    const doingThere = [
      ...['a drum silent on the left', 'a piano silent on the left'],
      ...['a violin silent on the middle', 'a violin playing on the right'],
    ];
    expect([...parts].sort()).toEqual([...counted, ...placed, ...doing, ...doingThere].sort());
  });

  it('mostly names only a part of the scene', () => {
    const whole = captions.filter((caption) => ['drum', 'piano', 'violin'].every((name) => caption.includes(name)));
    expect(whole.length / captions.length).toBeGreaterThan(0.3);
    expect(whole.length / captions.length).toBeLessThan(0.5);
  });

  it('follows the second', () => {
    const texts = Array.from({ length: 300 }, () => drawCaption(quartet, 0, random)).join(' , ');
    expect(texts).toContain('a drum playing on the left');
    expect(texts).toContain('a violin silent on the right');
    expect(texts).not.toContain('drum silent');
  });
});
