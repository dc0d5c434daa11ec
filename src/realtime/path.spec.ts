import { describe, expect, it } from 'vitest';
import { parametersOf } from './path.js';

describe('parametersOf', () => {
  it.each([
    ['/ws', '/ws', {}],
    ['/ws', '/ws/', {}],
    ['/ws/', '/ws', {}],
    ['/ws/dashboard/:id', '/ws/dashboard/7', { id: '7' }],
    ['/ws/dashboard/:id', '/ws/dashboard/a%20b/', { id: 'a b' }],
  ])('of %s in %s are %j', (pattern, path, parameters) => {
    expect(parametersOf(pattern, path)).toEqual(parameters);
  });

  it.each([
    ['/ws', '/WS'],
    ['/ws', '/ws/x'],
    ['/ws/dashboard/:id', '/ws/dashboard'],
    ['/ws/dashboard/:id', '/ws/dashboard//'],
    ['/ws/dashboard/:id', '/ws/dashboard/1/2'],
  ])('%s does not fit %s', (pattern, path) => {
    expect(parametersOf(pattern, path)).toBeUndefined();
  });
});
