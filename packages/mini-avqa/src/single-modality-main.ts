import { singleModalityGuesses } from './single-modality';
import { templates } from './templates';

console.log('| template | type | test questions | prior | sight alone | sound alone |\n| :-- | :-- | --: | --: | --: | --: |');
for (const { template, questions, prior, sight, sound } of singleModalityGuesses(11, { train: 1500, test: 600 })) {
  const type = templates[template].type;
  const [sightCell, soundCell] = [type[0] === 'Visual' ? '' : sight.toFixed(1), type[0] === 'Audio' ? '' : sound.toFixed(1)];
  console.log(`| ${template} | ${type.join(' ')} | ${questions} | ${prior.toFixed(1)} | ${sightCell} | ${soundCell} |`);
}
