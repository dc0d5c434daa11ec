import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const NEAR = 48; // px

/**
 * Keeps a scrolling list where its reader is: at its end, if they are there, else at what they read, also when more is put
 * before it.
 *
 * @param first what is known of the first item, which changes when others come before it
 */
export function useScroller(list: readonly unknown[], first: unknown, onTop?: () => void) {
  const ref = useRef<HTMLDivElement>(null);
  const place = useRef({ isAtEnd: true, height: 0, first });
  useLayoutEffect(() => {
    const { current: scroller } = ref;
    if (!scroller) return;
    const last = place.current;
    if (list.length === 0) last.isAtEnd = true;
    if (last.isAtEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (first !== last.first) scroller.scrollTop += scroller.scrollHeight - last.height;
    last.height = scroller.scrollHeight;
    last.first = first;
  }, [list, first]);
  useEffect(() => {
    // What is shown below it takes of its height, and gives it back.
    const scroller = ref.current!;
    const observer = new ResizeObserver(() => {
      if (place.current.isAtEnd) scroller.scrollTop = scroller.scrollHeight;
    });
    observer.observe(scroller);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = ref.current!;
    place.current.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (scrollTop < NEAR) onTop?.();
  };
  return { ref, onScroll };
}
