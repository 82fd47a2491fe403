// How far it is: one line that is drawn anew on a terminal, a line every few seconds elsewhere.
export interface Progress {
  show: (done: number) => void;
  end: () => void;
}

const width = 30;
const lineEveryMs = 5_000;
const drawEveryMs = 100;

export function startProgress(total: number, out: NodeJS.WriteStream, now: () => number = () => performance.now()): Progress {
  const began = now();
  let shown = -Infinity;
  const text = (done: number) => {
    const seconds = (now() - began) / 1_000;
    const rate = done / Math.max(seconds, 0.001);
    const left = done === total ? '' : `, ${duration((total - done) / Math.max(rate, 0.001))} left`;
    return `${amount(done)} of ${amount(total)} tasks, ${amount(Math.round(rate))}/s${left}`;
  };
  return {
    show(done) {
      if (done < total && now() - shown < (out.isTTY ? drawEveryMs : lineEveryMs)) return;
      shown = now();
      if (!out.isTTY) return void out.write(`${text(done)}\n`);
      const filled = Math.round((done / total) * width);
      out.write(`\r\u001B[K[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${Math.floor((done / total) * 100)}%  ${text(done)}`);
    },
    end() {
      if (out.isTTY) out.write('\n');
    },
  };
}

export const amount = (value: number): string => value.toLocaleString('en-US');

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
