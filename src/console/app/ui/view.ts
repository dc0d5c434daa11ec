import { signal } from '@preact/signals';

const VIEWS = ['talk', 'check-ins', 'statistics'] as const;

export type View = (typeof VIEWS)[number];

const fromAddress = (): View => VIEWS.find((view) => location.hash === `#${view}`) ?? 'talk';

/** What is looked at, as the address says. */
export const view = signal<View>(fromAddress());

addEventListener('hashchange', () => (view.value = fromAddress()));
