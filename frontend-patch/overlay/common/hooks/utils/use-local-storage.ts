export { useStoredValue as useLocalStorage } from "@/voicepath/use-stored-value";
