/** Which character the server plays, and those that it could play. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

export interface ConfigFile {
  filename: string;
  name: string;
}

interface CharacterConfigState {
  confName: string;
  confUid: string;
  configFiles: ConfigFile[];
  setConfName: (name: string) => void;
  setConfUid: (uid: string) => void;
  setConfigFiles: (files: ConfigFile[]) => void;
  getFilenameByName: (name: string) => string | undefined;
}

export const ConfigContext = createContext<CharacterConfigState | null>(null);

export function CharacterConfigProvider({ children }: { children: ReactNode }) {
  const [confName, setConfName] = useState("");
  const [confUid, setConfUid] = useState("");
  const [configFiles, setConfigFiles] = useState<ConfigFile[]>([]);
  const getFilenameByName = useCallback(
    (name: string) => configFiles.find((file) => file.name === name)?.filename,
    [configFiles],
  );
  const value = useMemo(
    () => ({
      confName,
      confUid,
      configFiles,
      setConfName,
      setConfUid,
      setConfigFiles,
      getFilenameByName,
    }),
    [confName, confUid, configFiles, getFilenameByName],
  );
  return <ConfigContext.Provider value={value}>{children}</ConfigContext.Provider>;
}

/** @throws Error outside of CharacterConfigProvider */
export function useConfig(): CharacterConfigState {
  const context = useContext(ConfigContext);
  if (!context) throw new Error("useConfig: there is no CharacterConfigProvider");
  return context;
}
