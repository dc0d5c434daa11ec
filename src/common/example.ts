import { JSONSchema } from 'class-validator-jsonschema';

/** What a value may look like, for the documents made of a class. */
export const Example = (value: unknown): PropertyDecorator =>
  JSONSchema((source) => ({ ...source, examples: [value] })) as PropertyDecorator;
