import 'reflect-metadata';
import { applyDecorators } from '@nestjs/common';
import { JSONSchema } from 'class-validator-jsonschema';
import type { Class } from '../common/schemas.js';
import { MayBeMissing } from '../common/shape.validators.js';
import type { Extensions } from '../realtime/extensions.js';

type Extension = keyof Extensions;

/** Marks, in a schema, what only connections that asked for an extension send or get. */
export const EXTENSION = 'x-parlance-extension';

/** Every frame of a dialect: what its clients may send and get, from which its document is made. */
export interface Frames {
  /** What the dialect is for. */
  readonly about: string;
  /** By the names of their handlers. */
  readonly in: Readonly<Record<string, Class>>;
  /** By the names by which clients tell them apart. */
  readonly out: Readonly<Record<string, Class>>;
  /** What the address may carry, beyond what is the same in every dialect. */
  readonly query?: Class;
}

/** What a frame is for. */
export interface Description {
  readonly summary: string;
  readonly example: object;
  /** Only those who asked for it send or get the frame. */
  readonly extension: Extension | undefined;
}

const DESCRIPTION = 'parlance:frame';

/** Says what a frame is for, and gives one; with `extension`, it is for those who asked for that. */
export function Describe(summary: string, example: object, extension?: Extension): ClassDecorator {
  const description: Description = { summary, example, extension };
  return (type) => Reflect.defineMetadata(DESCRIPTION, description, type);
}

/** @throws when a frame does not say what it is for */
export function descriptionOf(frame: Class): Description {
  const description = Reflect.getOwnMetadata(DESCRIPTION, frame) as Description | undefined;
  if (!description) throw new Error(`${frame.name} needs @Describe`);
  return description;
}

/** A key for those who asked for an extension; others neither send nor get it. */
export function OfExtension(extension: Extension): PropertyDecorator {
  return applyDecorators(MayBeMissing(), JSONSchema({ [EXTENSION]: extension }));
}
