import { useCallback, useRef, useState } from "react";

function read<T>(key: string, initialValue: T): T {
  const text = window.localStorage.getItem(key);
  try {
    return text ? JSON.parse(text) : initialValue;
  } catch (error) {
    console.error(`${key} in localStorage is not JSON:`, error);
    return initialValue;
  }
}

export function useLocalStorage<T>(
  key: string,
  initialValue: T,
  options?: { filter?: (value: T) => T },
) {
  // Defect: each user has a copy of its own, so a change reaches the others after a reload.
  const [storedValue, setStoredValue] = useState<T>(() => read(key, initialValue));
  const latest = useRef(storedValue);
  const filter = options?.filter;

  const setValue = useCallback(
    (value: T | ((before: T) => T)) => {
      const next = value instanceof Function ? value(latest.current) : value;
      latest.current = next;
      setStoredValue(next);
      try {
        window.localStorage.setItem(key, JSON.stringify(filter ? filter(next) : next));
      } catch (error) {
        console.error(`${key} cannot be kept in localStorage:`, error);
      }
    },
    [key, filter],
  );
  return [storedValue, setValue] as const;
}
