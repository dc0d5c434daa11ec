import { Foundation1790000000000 } from './1790000000000-foundation.js';
import { Notifications1790000001000 } from './1790000001000-notifications.js';
import { CheckIns1790000002000 } from './1790000002000-check-ins.js';
import { Pets1790000003000 } from './1790000003000-pets.js';
import { Receivers1790000004000 } from './1790000004000-receivers.js';
import { Consultations1790000005000 } from './1790000005000-consultations.js';
import { Journal1790000006000 } from './1790000006000-journal.js';
import { Paths1790000007000 } from './1790000007000-paths.js';
import { Disconnections1790000008000 } from './1790000008000-disconnections.js';
import { Usage1790000009000 } from './1790000009000-usage.js';
import { References1790000010000 } from './1790000010000-references.js';
import { InsertMessages1790000011000 } from './1790000011000-insert-messages.js';

/** Every change of the schema, oldest first. */
export const MIGRATIONS = [
  Foundation1790000000000,
  Notifications1790000001000,
  CheckIns1790000002000,
  Pets1790000003000,
  Receivers1790000004000,
  Consultations1790000005000,
  Journal1790000006000,
  Paths1790000007000,
  Disconnections1790000008000,
  Usage1790000009000,
  References1790000010000,
  InsertMessages1790000011000,
];
