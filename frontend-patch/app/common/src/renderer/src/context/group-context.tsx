/** Who listens together. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

interface GroupContextState {
  selfUid: string;
  groupMembers: string[];
  isOwner: boolean;
  setSelfUid: (uid: string) => void;
  setGroupMembers: (members: string[]) => void;
  setIsOwner: (isOwner: boolean) => void;
  /** Oneself first. */
  sortedGroupMembers: string[];
  resetGroupState: () => void;
}

const GroupContext = createContext<GroupContextState | null>(null);

export function GroupProvider({ children }: { children: ReactNode }) {
  const [selfUid, setSelfUid] = useState("");
  const [groupMembers, setGroupMembers] = useState<string[]>([]);
  const [isOwner, setIsOwner] = useState(false);
  const resetGroupState = useCallback(() => {
    setGroupMembers([]);
    setIsOwner(false);
  }, []);
  const value = useMemo(
    () => ({
      selfUid,
      groupMembers,
      isOwner,
      setSelfUid,
      setGroupMembers,
      setIsOwner,
      sortedGroupMembers: [...groupMembers].sort(
        (a, b) => Number(b === selfUid) - Number(a === selfUid),
      ),
      resetGroupState,
    }),
    [selfUid, groupMembers, isOwner, resetGroupState],
  );
  return <GroupContext.Provider value={value}>{children}</GroupContext.Provider>;
}

/** @throws Error outside of GroupProvider */
export function useGroup(): GroupContextState {
  const context = useContext(GroupContext);
  if (!context) throw new Error("useGroup: there is no GroupProvider");
  return context;
}
