import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';

/** The process among the others: a new one after each start. */
@Injectable()
export class ThisNode {
  readonly id = newId();
}
