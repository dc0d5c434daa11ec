import { describe, expect, it } from 'vitest';
import { productOf } from './product.js';

describe('productOf', () => {
  it.each([
    ['okhttp/4.12.0', 'okhttp/4.12.0'],
    ['Dart/3.5 (dart:io)', 'Dart/3.5'],
    ['Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/132.0', 'Mozilla/5.0'],
    ['node', 'node'],
  ])('of %j is %s', (userAgent, product) => expect(productOf(userAgent)).toBe(product));

  it.each([undefined, '', ' curl/8', '(compatible)', 'me@example.com', 'eyJhbGciOi.'.repeat(9), `a/${'1'.repeat(21)}`])(
    'of %j is not known',
    (userAgent) => expect(productOf(userAgent)).toBe('unknown'),
  );
});
