import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useWSStatus } from "@/hooks/canvas/use-ws-status";

const WebSocketStatus = memo(() => {
  const { t } = useTranslation();
  const { wsState, textKey, isDisconnected, handleClick } = useWSStatus();
  return (
    <button
      type="button"
      className="pill"
      data-testid="connection"
      data-state={wsState}
      disabled={!isDisconnected}
      onClick={handleClick}
    >
      {t(textKey)}
    </button>
  );
});

WebSocketStatus.displayName = "WebSocketStatus";

export default WebSocketStatus;
