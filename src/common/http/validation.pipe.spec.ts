import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { RequestValidationPipe } from './validation.pipe.js';

class PartDto {
  @IsInt()
  size: number;
}

class WholeDto {
  @IsString()
  name: string;

  @ValidateNested()
  @Type(() => PartDto)
  part: PartDto;
}

const body: ArgumentMetadata = { type: 'body', metatype: WholeDto };
const validate = (value: unknown) => new RequestValidationPipe().transform(value, body);
const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('what a request carries', () => {
  it('becomes its DTO, without keys that the DTO does not know', async () => {
    const dto = await validate({ name: 'a', part: { size: 1, colour: 'red' }, other: true });
    expect(dto).toBeInstanceOf(WholeDto);
    expect(dto).toEqual({ name: 'a', part: { size: 1 } });
  });

  it('is refused with a list of what is wrong, and where', async () => {
    await expect(validate({ name: 7, part: { size: 'x' } })).rejects.toMatchObject({
      status: 400,
      detail: ['name must be a string', 'part.size must be an integer number'],
    });
  });

  it.each([undefined, null, {}])('is refused field by field when there is nothing (%j)', async (value) => {
    await expect(validate(value)).rejects.toMatchObject({ status: 400, detail: expect.any(Array) });
  });

  it.each([[[]], ['text'], [7], [true]])('is refused when it is not an object (%j)', async (value) => {
    await expect(validate(value)).rejects.toMatchObject({ status: 400, detail: 'The body must be a JSON object' });
  });

  it('is refused when it is nested so deeply that walking it would overflow the stack', async () => {
    await expect(validate({ name: 'a', other: nested(10_000) })).rejects.toMatchObject({
      status: 400,
      detail: 'The body is nested too deeply',
    });
  });
});
