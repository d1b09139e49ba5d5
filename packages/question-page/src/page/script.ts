import { PLAYER } from './player-script';
import { PICTURES } from './picture-script';

/**
 * The page's program: the cursor, playing and seeking, how opaque maps are, and saving. Without it the page shows the first segment large, all
 * of them small, and plays its sound with the browser's controls; maps and boxes are chosen by style rules on inputs.
 */
export const SCRIPT = PLAYER + PICTURES;
