import {
  ARRAY_UNIQUE,
  EQUALS,
  getMetadataStorage,
  IS_ASCII,
  IS_ISO8601,
  IS_URL,
  MAX,
  MIN,
  ValidationTypes,
} from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

/** A JSON Schema, of what draft 7 (AsyncAPI 3) and 2020-12 (OpenAPI 3.1) have in common. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A class whose properties are validated. */
export type Class = new () => object;

/** A property of a class, as its validators have it. */
export interface Property {
  readonly name: string;
  /** Of a value that is there and not null. */
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  /** The class of the object, or of those in the list. */
  readonly type: Class | undefined;
}

/** Where the library's schema is not what the validator does. A validator of ours has its schema in its context. */
const CONVERTERS = {
  [ValidationTypes.CUSTOM_VALIDATION]: ownSchema,
  [ValidationTypes.NESTED_VALIDATION]: (meta: ValidationMetadata) => ({ $ref: typeOf(meta)?.name }),
  [EQUALS]: ({ constraints: [value] }: ValidationMetadata) => ({ type: typeof value, const: value as unknown }),
  [MIN]: ({ constraints: [minimum] }: ValidationMetadata) => ({ minimum: minimum as number }),
  [MAX]: ({ constraints: [maximum] }: ValidationMetadata) => ({ maximum: maximum as number }),
  [ARRAY_UNIQUE]: { uniqueItems: true },
  [IS_ISO8601]: { type: 'string', format: 'date-time' },
  [IS_URL]: { type: 'string', format: 'uri' },
  [IS_ASCII]: { type: 'string' },
};

/** The properties of a class, inherited ones last. */
export function propertiesOf(type: Class): Property[] {
  const { properties = {} } = targetConstructorToSchema(type, {
    additionalConverters: CONVERTERS as never,
    refPointerPrefix: '',
  }) as { properties?: Record<string, JsonSchema> };
  const defaults = new type() as Record<string, unknown>;
  return Object.entries(properties).map(([name, schema]) => {
    const validators = validatorsOf(type, name);
    const ignores = (value: unknown): boolean => validators.some((validator) => isSkipped(validator, name, value));
    const preset = defaults[name];
    return {
      name,
      schema: preset === undefined ? schema : { ...schema, default: preset },
      isRequired: preset === undefined && !ignores(undefined),
      isNullable: ignores(null),
      type: validators.map(typeOf).find((nested) => nested !== undefined),
    };
  });
}

/** Every class whose properties are validated, as far as the program has been read. */
export function validatedClasses(): Class[] {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<Class, unknown> };
  return [...validationMetadatas.keys()];
}

/** Schemas of classes, and of the classes that these refer to. */
export class Schemas {
  readonly all: Record<string, JsonSchema> = {};

  /**
   * @param keyOf the class's place among a document's schemas
   * @param isExact whether an object has no other keys: what we send, not what we take
   */
  constructor(
    private readonly keyOf: (type: Class) => string,
    private readonly isExact: boolean,
  ) {}

  /** A reference to a class's schema, which is there from now on. */
  refer(type: Class): { $ref: string } {
    const key = this.keyOf(type);
    if (!(key in this.all)) {
      this.all[key] = {};
      this.all[key] = this.toSchema(propertiesOf(type));
    }
    return { $ref: `#/components/schemas/${key}` };
  }

  private toSchema(properties: readonly Property[]): JsonSchema {
    const required = properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(properties.map((property) => [property.name, this.toProperty(property)])),
      ...(required.length > 0 && { required }),
      ...(this.isExact && { additionalProperties: false }),
    };
  }

  private toProperty({ schema, type, isNullable }: Property): JsonSchema {
    if (!type) return isNullable ? orNull(schema) : schema;
    const reference = this.refer(type);
    if (schema['type'] === 'array') return { ...schema, items: reference };
    return isNullable ? { oneOf: [reference, { type: 'null' }] } : reference;
  }
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { oneOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) };
}

function validatorsOf(type: Class, name: string): ValidationMetadata[] {
  const validators = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  return validators.filter(({ propertyName }) => propertyName === name);
}

/** Whether a condition (`@IsOptional`, `@ValidateIf`) lets a value pass unseen. */
function isSkipped({ type, constraints }: ValidationMetadata, name: string, value: unknown): boolean {
  if (type !== ValidationTypes.CONDITIONAL_VALIDATION) return false;
  const condition = constraints[0] as (object: object, value: unknown) => boolean;
  return !condition({ [name]: value }, value);
}

function typeOf({ context }: ValidationMetadata): Class | undefined {
  return (context as { type?: () => Class } | undefined)?.type?.();
}

function ownSchema({ context, target, propertyName }: ValidationMetadata): JsonSchema {
  const schema = (context as { schema?: JsonSchema } | undefined)?.schema;
  if (!schema) throw new Error(`A validator of ${(target as Class).name}.${propertyName} has no schema`);
  return schema;
}
