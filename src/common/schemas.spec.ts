import 'reflect-metadata';
import { Equals, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Max, Min, ValidateBy } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { propertiesOf, Schemas } from './schemas.js';
import { IsListOf, IsObjectOf, MayBeMissing, Nullable } from './shape.validators.js';
import { IsText } from './text.validator.js';

class Part {
  @IsUUID()
  id: string;
}

class Base {
  @IsISO8601()
  at: string;
}

class Whole extends Base {
  @Equals('whole')
  kind: 'whole';

  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 50;

  @IsOptional()
  @IsText(1, 9)
  name?: string | null;

  @Nullable()
  @IsIn(['red', 'blue'])
  colour: string | null;

  @MayBeMissing()
  @IsString()
  note?: string;

  @Nullable()
  @IsObjectOf(() => Part)
  part: Part | null;

  @IsListOf(() => Part)
  parts: Part[];
}

const schemasOf = (isExact: boolean): Schemas => {
  const schemas = new Schemas(({ name }) => `test.${name}`, isExact);
  schemas.refer(Whole);
  return schemas;
};

describe('the schema of a class', () => {
  it('says what its validators let pass', () => {
    const $ref = '#/components/schemas/test.Part';
    expect(schemasOf(false).all['test.Whole']).toEqual({
      type: 'object',
      required: ['kind', 'colour', 'part', 'parts', 'at'],
      properties: {
        kind: { type: 'string', const: 'whole' },
        size: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
        name: { type: ['string', 'null'], minLength: 1, maxLength: 9 },
        colour: { type: ['string', 'null'], enum: ['red', 'blue', null] },
        note: { type: 'string' },
        part: { oneOf: [{ $ref }, { type: 'null' }] },
        parts: { type: 'array', items: { $ref } },
        at: { type: 'string', format: 'date-time' },
      },
    });
  });

  it('comes with those of the classes to which it refers', () => {
    expect(Object.keys(schemasOf(false).all)).toEqual(['test.Whole', 'test.Part']);
  });

  it('allows no other keys where it is exact', () => {
    for (const schema of Object.values(schemasOf(true).all))
      expect(schema).toHaveProperty('additionalProperties', false);
  });

  it('cannot be made when a validator of ours does not say what it lets pass', () => {
    class Silent {
      @ValidateBy({ name: 'isOdd', validator: { validate: () => true } })
      value: unknown;
    }
    expect(() => propertiesOf(Silent)).toThrow('Silent.value');
  });
});
