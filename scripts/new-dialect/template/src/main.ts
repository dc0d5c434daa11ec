import { start } from 'parlance';
import { SampleModule } from './sample.module.js';

await start({ imports: [SampleModule] });
