/** A setting of the app, kept in localStorage under its own key. */
export { useLocalStorage as useSetting } from "@/hooks/utils/use-local-storage";
