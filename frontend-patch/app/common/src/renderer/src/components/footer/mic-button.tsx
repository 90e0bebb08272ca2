/** The microphone's switch, in a ring that closes the more it sounds like speech. */
import { useTranslation } from "react-i18next";
import { Icon } from "@/components/ui/icon";
import { useVAD } from "@/context/vad-context";

const RADIUS = 34;
const ROUND = 2 * Math.PI * RADIUS;

interface MicButtonProps {
  readonly micOn: boolean;
  readonly onToggle: () => void;
}

export function MicButton({ micOn, onToggle }: MicButtonProps) {
  const { t } = useTranslation();
  const { previousTriggeredProbability: probability } = useVAD();
  return (
    <button
      type="button"
      className="mic"
      data-testid="mic"
      aria-pressed={micOn}
      aria-label={t("footer.microphone")}
      onClick={onToggle}
    >
      <svg
        className="level"
        viewBox="0 0 76 76"
        aria-hidden="true"
        data-testid="level"
        data-probability={probability}
      >
        <circle cx="38" cy="38" r={RADIUS} className="level-track" />
        <circle
          cx="38"
          cy="38"
          r={RADIUS}
          strokeDasharray={ROUND}
          strokeDashoffset={ROUND * (1 - probability)}
        />
      </svg>
      <Icon name="mic" />
    </button>
  );
}
