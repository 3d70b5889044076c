export interface Scanner {
  /** Rejects with the key of a text that says why not. */
  start: (video: HTMLVideoElement, found: (text: string) => void) => Promise<void>;
  stop: () => void;
}

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<readonly { rawValue: string }[]>;
}

const pauseMs = 80;

export function createScanner(): Scanner {
  let stream: MediaStream | null = null;
  /** A camera that comes when it is no longer wanted is off again at once. */
  let turn = 0;

  function stop(): void {
    turn += 1;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  }

  async function watch(own: MediaStream, video: HTMLVideoElement, found: (text: string) => void): Promise<void> {
    const detector = await openDetector();
    while (stream === own) {
      const codes = video.readyState >= video.HAVE_CURRENT_DATA ? await detector.detect(video).catch(() => []) : [];
      const text = codes[0]?.rawValue.trim() ?? '';
      if (stream !== own) return;
      if (text !== '') {
        stop();
        found(text);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  return {
    async start(video, found) {
      stop();
      const ownTurn = turn;
      if (navigator.mediaDevices === undefined) throw new ScanError('scan.noCamera');
      const own = await navigator.mediaDevices
        .getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false })
        .catch((error: unknown) => {
          throw new ScanError(reasonOfCamera(error));
        });
      if (ownTurn !== turn) {
        for (const track of own.getTracks()) track.stop();
        return;
      }
      stream = own;
      video.srcObject = own;
      await video.play().catch(() => undefined);
      void watch(own, video, found);
    },
    stop,
  };
}

/** `message` is the key of a text. */
export class ScanError extends Error {}

function reasonOfCamera(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'scan.denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'scan.noCamera' : 'scan.failed';
}

type NativeDetector = (new (options: { formats: string[] }) => Detector) & {
  getSupportedFormats: () => Promise<string[]>;
};

/** The browser's own, else one in JavaScript, loaded only then. */
async function openDetector(): Promise<Detector> {
  const { BarcodeDetector: Native } = globalThis as { BarcodeDetector?: NativeDetector };
  const formats = (await Native?.getSupportedFormats().catch(() => [])) ?? [];
  if (Native !== undefined && formats.includes('qr_code')) return new Native({ formats: ['qr_code'] });
  const { BarcodeDetector } = await import('qr/decode.js');
  return new BarcodeDetector({ formats: ['qr_code'] });
}
