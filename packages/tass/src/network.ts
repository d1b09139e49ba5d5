import type { DataSizes, Intervention, Network, NetworkConfig } from '@tass/network';
import { partsOf, settings, type TassConfig, type TassSettings } from './config';
import { lossesOf, optionalLossNames, type OptionalLossName } from './losses';
import { Tass, type TassParameters } from './tass';

/** TASS and its ablations in the harness. */
export const tass: Network<TassSettings, TassParameters> = {
  name: 'tass',
  settings,
  example: {
    ...{ dim: 8, heads: 2, dropout: 0, visualProjection: 'none', match: 'none' },
    inputs: { audio: true, video: true },
    question: { encoder: 'clip', target: 'soft' },
    tsgPlus: { grounding: true, textQuery: true, audioQuery: true, maps: 'mean', threshold: 0.5 },
    jtg: { stream: 'single', context: 'bilstm' },
    summary: 'means',
  },
  losses: ['match', 'synchrony'],
  optionalLosses: optionalLossNames,

  needs: ({ inputs, question }) => ({ ...inputs, text: question.encoder === 'clip' }),
  comparesInJointSpace: ({ visualProjection }) => visualProjection === 'none',

  mistakes({ match, dim, heads, jtg, inputs, tsgPlus, question, visualProjection }, loss) {
    const least = match === 'none' ? '0, as model.match is none' : `more than 0, as model.match is ${match}; or model.match=none`;
    const ofMatch = (match === 'none') === (loss.match === 0) ? [] : [{ path: ['loss', 'match'], expected: least }];
    const lacks = (name: OptionalLossName): string | undefined => {
      if (!inputs.audio || !inputs.video) return `model.inputs.${inputs.audio ? 'video' : 'audio'} is false`;
      const query = name === 'textTeacher' ? 'textQuery' : name === 'audioMap' ? 'audioQuery' : undefined;
      if (query !== undefined && !tsgPlus.grounding) return 'model.tsgPlus.grounding is false';
      if (query !== undefined && !tsgPlus[query]) return `model.tsgPlus.${query} is false`;
      if (name !== 'textTeacher') return undefined;
      if (question.encoder === 'learned') return 'model.question.encoder is learned and CLIP compares no frame with such a target';
      return visualProjection === 'learned' ? 'model.visualProjection is learned and CLIP compares no text with such frames' : undefined;
    };
    const ofOptional = optionalLossNames
      .filter((name) => loss[name] > 0 && lacks(name))
      .map((name) => ({ path: ['loss', name], expected: `0, as ${lacks(name)}` }));
    const withoutMap = tsgPlus.grounding ? undefined : 'model.tsgPlus.grounding is false';
    const withoutTextMap = withoutMap ?? (tsgPlus.textQuery ? undefined : 'model.tsgPlus.textQuery is false');
    const ofMap = Object.entries({ places: withoutMap, presence: withoutTextMap })
      .filter(([key, reason]) => tsgPlus[key as 'places' | 'presence'] && reason !== undefined)
      .map(([key, reason]) => ({ path: ['model', 'tsgPlus', key], expected: `false, as ${reason}` }));
    const isPaired = jtg.stream === 'paired' && inputs.audio && inputs.video;
    const oneAttention = '0, as model.jtg.stream is paired: picture and sound have one attention';
    const ofSynchrony = isPaired && loss.synchrony > 0 ? [{ path: ['loss', 'synchrony'], expected: oneAttention }] : [];
    const ofParts = [...ofMatch, ...ofOptional, ...ofMap, ...ofSynchrony];
    if (!inputs.audio && !inputs.video) return ofParts; // without video and sound there is no grounding in time
    return [
      ...ofParts,
      ...(dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
      ...(jtg.context !== 'bilstm' || dim % 2 === 0
        ? []
        : [{ path: ['model', 'dim'], expected: 'an even number, as model.jtg.context is bilstm' }]),
    ];
  },

  interventions(config) {
    const { audio, video } = config.inputs;
    const inTime: readonly Intervention[] = audio || video ? ['uniform-attention', 'swapped-attention'] : [];
    return video && config.tsgPlus.grounding ? [...inTime, 'uniform-map'] : inTime;
  },

  mapThreshold: ({ tsgPlus }) => tsgPlus.threshold,

  remarks: ({ visualProjection, inputs }) =>
    visualProjection === 'learned' && inputs.video
      ? [
          'frames and patches pass learned maps into the joint space: regions and texts are matched as trained here, not as CLIP matches them',
        ]
      : [],

  initialize(config, random) {
    const built = tassConfig(config);
    refuseHeads(built);
    return Tass.initialize(built, random);
  },

  forward(parameters, batch, config, { training, maps, intervention }) {
    const outputs = Tass.forward(parameters, batch, tassConfig(config), { training, maps, intervention });
    const { logits, attention, attentionByHead, grounding } = outputs;
    return {
      logits,
      attention,
      attentionByHead,
      grounding,
      ...(training ? lossesOf(parameters, outputs, training.labels.mask, training.weights) : {}),
    };
  },
};

/** Switches from the configuration, sizes from the data. */
export function tassConfig({ sizes, visualProjection, ...settings }: NetworkConfig<TassSettings>): TassConfig {
  return {
    ...settings,
    ...spaceOf(sizes, visualProjection),
    audioDim: sizes.audioDim ?? 1,
    time: sizes.time,
    answers: sizes.answers,
    question: { ...settings.question, vocabulary: sizes.vocabulary },
    tsgPlus: { ...settings.tsgPlus, logitScale: sizes.logitScale ?? 1, regions: sizes.regions },
  };
}

/** The joint space is that of the texts if learned maps project frames and regions into it; else that of the frames, which is the same. */
function spaceOf(
  { frameDim, regionDim, textDim }: DataSizes,
  projection: TassSettings['visualProjection'],
): Pick<TassConfig, 'joint' | 'visualDim' | 'regionDim'> {
  if (frameDim === undefined || projection === 'none') return { joint: frameDim ?? textDim ?? 1 };
  return { joint: textDim ?? frameDim, visualDim: frameDim, ...(regionDim === frameDim ? {} : { regionDim }) };
}

/**
 * Attention over the words has the width of the text encoder's features, which is known only from the data; model.dim is checked before.
 */
function refuseHeads(config: TassConfig): void {
  const { heads, joint, question } = config;
  if (question.encoder !== 'clip' || !partsOf(config).textQuery || joint % heads === 0) return;
  throw new RangeError(`model.heads is ${heads}, expected a divisor of ${joint} too, the width of the text features (features.clip)`);
}
