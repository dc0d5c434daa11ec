import { afterAll, afterEach } from 'vitest';
import { assertPublished } from '../../src/testing/published.js';

afterEach(assertPublished);
afterAll(assertPublished);
