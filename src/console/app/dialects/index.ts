import { channels } from './channels.js';
import type { Dialect } from './dialect.js';
import { flat } from './flat.js';
import { pets } from './pets.js';
import { socketio } from './socketio.js';
import { tribe } from './tribe.js';

/** Those in which one talks. */
export const DIALECTS: readonly Dialect[] = [channels, tribe, flat, pets, socketio];

export const dialectNamed = (name: string): Dialect => DIALECTS.find((dialect) => dialect.name === name) ?? channels;
