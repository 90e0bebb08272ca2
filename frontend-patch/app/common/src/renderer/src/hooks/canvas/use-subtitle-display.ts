import { useSubtitle } from "@/context/subtitle-context";

export const useSubtitleDisplay = () => {
  const { subtitleText } = useSubtitle();
  return { subtitleText, isLoaded: true };
};
