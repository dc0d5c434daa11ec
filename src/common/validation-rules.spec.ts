import { getMetadataStorage, IsString, validateSync } from 'class-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rememberValidationRules } from './validation-rules.js';

class Note {
  @IsString()
  text: unknown = '';
}

class Letter extends Note {
  @IsString({ groups: ['post'] })
  address: unknown = 1;
}

describe('Remembered rules of validation', () => {
  const storage = getMetadataStorage();
  const original = storage.getTargetValidationMetadatas.bind(storage);
  let searches = 0;

  beforeEach(() => {
    searches = 0;
    storage.getTargetValidationMetadatas = (...query) => {
      searches++;
      return original(...query);
    };
    rememberValidationRules();
  });
  afterEach(() => (storage.getTargetValidationMetadatas = original));

  it('are looked up once for all objects of a class', () => {
    expect(validateSync(new Note())).toEqual([]);
    expect(validateSync(Object.assign(new Note(), { text: 1 }))).toHaveLength(1);
    expect(searches).toBe(1);
  });

  it('are those of each class for itself', () => {
    expect(validateSync(new Note())).toEqual([]);
    expect(validateSync(new Letter())).toHaveLength(1);
    expect(searches).toBe(2);
  });

  it('are not taken for those of a group', () => {
    const letter = Object.assign(new Letter(), { text: 1 });
    expect(validateSync(letter)).toHaveLength(2);
    expect(validateSync(letter, { groups: ['post'] })).toHaveLength(1);
  });
});
