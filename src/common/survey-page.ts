import { ArrayUnique, IsArray, IsString, IsUUID } from 'class-validator';
import { Example } from './example.js';
import { Nullable } from './shape.validators.js';

/** A page that is put together of what several nodes answer. */
export class SurveyPage {
  /** Null on the last page. */
  @Example(null)
  @Nullable()
  @IsString()
  next_cursor: string | null;

  /** Nodes that did not answer in time: what only they know is missing. */
  @Example([])
  @IsArray()
  @ArrayUnique()
  @IsUUID('all', { each: true })
  silent_nodes: string[];
}
