import { useTranslation } from "react-i18next";
import { useAiState } from "@/context/ai-state-context";

function AIStateIndicator() {
  const { t } = useTranslation();
  const { aiState } = useAiState();
  return (
    <span className="pill" data-testid="ai-state" data-state={aiState}>
      {t(`aiState.${aiState}`)}
    </span>
  );
}

export default AIStateIndicator;
