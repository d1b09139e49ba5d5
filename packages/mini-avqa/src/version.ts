/** Bump this when the same seed no longer gives the same world: looks, sound, scenes, questions or balance. */
export const generatorVersion = 3;
