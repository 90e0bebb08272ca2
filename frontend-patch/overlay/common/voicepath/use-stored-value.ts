import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import { settingsNotice } from "@/voicepath/settings-notice";
import { type Filter, StoredValues } from "@/voicepath/stored-values";

let values: StoredValues | undefined;

function shared(): StoredValues {
  values ??= new StoredValues(window, settingsNotice);
  return values;
}

export interface UseStoredValueOptions<T> {
  /** What is stored of the value; see {@link StoredValues}. */
  filter?: Filter<T>;
}

export type SetStoredValue<T> = (value: T | ((value: T) => T)) => void;

/**
 * A value of {@link StoredValues}. The setter is always the same, and functions given to it get the
 * value as it is then.
 */
export function useStoredValue<T>(
  key: string,
  initial: T,
  options?: UseStoredValueOptions<T>,
): readonly [T, SetStoredValue<T>] {
  const [first] = useState(() => initial);
  const filter = useRef(options?.filter);
  filter.current = options?.filter;
  const filtered = options?.filter !== undefined;
  const subscribe = useCallback(
    (listener: () => void) => shared().subscribe(key, listener, filtered),
    [key, filtered],
  );
  const value = useSyncExternalStore(
    subscribe,
    () => shared().get(key, first),
    () => first,
  );
  const set = useCallback(
    (given: T | ((value: T) => T)): void => {
      const next = given instanceof Function ? given(shared().get(key, first)) : given;
      shared().set(key, first, next, filter.current);
    },
    [key, first],
  );
  return [value, set];
}
