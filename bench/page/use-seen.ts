import { type RefObject, useEffect, useState } from "react";

/**
 * Whether an element has been on the screen yet: what nobody looks at need not be computed.
 *
 * @param ahead - how far below the screen counts, for what takes time to load; "400px"
 */
export function useSeen(element: RefObject<Element | null>, ahead = "0px"): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current || seen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: `0px 0px ${ahead}` },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, seen, ahead]);
  return seen;
}
