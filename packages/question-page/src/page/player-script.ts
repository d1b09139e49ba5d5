/** One time for frames, sound and lanes: `moveTo(seconds)` moves them all. */
export const PLAYER = `
  const byId = (id) => document.getElementById(id);
  const all = (selector, parent = document) => [...parent.querySelectorAll(selector)];
  const [cursor, seek, clock, playButton, status, line] = ['cursor', 'seek', 'clock', 'play', 'status', 'timeline'].map(byId);
  const length = Number(seek.max);
  const starts = line.dataset.starts.split(' ').map(Number);
  let sound = byId('sound'); // null once it is known not to play
  let time = 0;
  let segment = 0;
  let clockStart = null; // of the silent clock: performance.now() at time 0; null while it stands still

  const segmentAt = (second) => Math.max(0, starts.findLastIndex((start) => start <= second + 1e-6));
  const showSegment = () => {
    for (const use of all('.picture use')) {
      use.setAttribute('href', '#' + use.dataset.of + '-' + segment);
    }
    for (const text of all('[data-seen]')) text.hidden = Number(text.dataset.seen) !== segment;
    for (const part of all('[data-segment]')) part.classList.toggle('current', Number(part.dataset.segment) === segment);
  };
  const show = () => {
    cursor.style.left = (100 * time) / length + '%';
    seek.value = time;
    clock.textContent = time.toFixed(1) + ' s';
    const now = segmentAt(time);
    if (now !== segment) {
      segment = now;
      showSegment();
    }
    seek.setAttribute('aria-valuetext', time.toFixed(1) + ' seconds, segment ' + (segment + 1) + ' of ' + starts.length);
  };
  const moveTo = (second) => {
    time = Math.min(Math.max(second, 0), length);
    if (sound) sound.currentTime = time;
    if (clockStart !== null) clockStart = performance.now() - 1000 * time;
    show();
  };
  const saySegment = () => {
    status.textContent = all('[data-seen="' + segment + '"]').map((text) => text.textContent.trim()).join(' ');
  };
  const step = (by) => {
    const to = Math.min(Math.max(segment + by, 0), starts.length - 1);
    moveTo(by < 0 && time > starts[segment] + 0.05 && segment > 0 && sound && !sound.paused ? starts[segment] : starts[to]);
    saySegment();
  };

  const isPlaying = () => (sound ? !sound.paused : clockStart !== null);
  const showPlaying = () => {
    playButton.textContent = isPlaying() ? '\\u275a\\u275a' : '\\u25b6';
    playButton.setAttribute('aria-label', isPlaying() ? 'Pause' : 'Play');
  };
  const run = () => {
    if (!isPlaying()) return showPlaying();
    time = Math.min(sound ? sound.currentTime : (performance.now() - clockStart) / 1000, length);
    show();
    if (!sound && time >= length) clockStart = null;
    requestAnimationFrame(run);
  };
  const silently = () => {
    sound = null;
    status.textContent = 'This browser cannot play the sound.';
  };
  const toggle = async () => {
    if (time >= length - 0.01 && !isPlaying()) moveTo(0);
    if (sound) {
      if (sound.paused) await sound.play().catch(silently);
      else sound.pause();
    }
    if (!sound) clockStart = clockStart === null ? performance.now() - 1000 * time : null;
    showPlaying();
    run();
  };

  if (sound) {
    sound.controls = false;
    sound.addEventListener('error', silently);
    for (const event of ['play', 'pause', 'ended']) sound.addEventListener(event, showPlaying);
  }
  for (const hidden of all('.transport, .opacity')) hidden.hidden = false;
  playButton.addEventListener('click', toggle);
  byId('before').addEventListener('click', () => step(-1));
  byId('after').addEventListener('click', () => step(1));
  seek.addEventListener('input', () => moveTo(Number(seek.value)));
  seek.addEventListener('change', saySegment);

  const track = line.querySelector('.cursor-track');
  const seekTo = ({ clientX }) => {
    const { left, width } = track.getBoundingClientRect();
    moveTo(((clientX - left) / width) * length);
  };
  line.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.target.closest('.lane-drawing')) return;
    seekTo(event);
    const move = (moved) => seekTo(moved);
    const end = () => {
      removeEventListener('pointermove', move);
      for (const ending of ['pointerup', 'pointercancel']) removeEventListener(ending, end);
    };
    addEventListener('pointermove', move);
    for (const ending of ['pointerup', 'pointercancel']) addEventListener(ending, end);
  });
  line.addEventListener('keydown', (event) => {
    if (event.target !== line || event.ctrlKey || event.altKey || event.metaKey) return;
    const does = { ' ': toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => moveTo(0), End: () => moveTo(length) }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  const opacity = byId('opacity');
  const showOpacity = () => document.documentElement.style.setProperty('--overlay', opacity.value);
  if (opacity) opacity.addEventListener('input', showOpacity);
  moveTo(starts[Number(line.dataset.first)]);
  showSegment();
`;
