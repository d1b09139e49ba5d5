/** What `--help` prints of each command. */
export const usage = {
  ask: `Asks a run about your own videos. The command uses ffmpeg, the run's encoders and its best epoch. It prints the answer with its probability, the next four
answers, and the words of the question that the run never saw.

  npx nx run evaluator:ask --run=RUN --video=FILE "How many instruments are visible?" "Where is the cello?"
      --video=FOLDER        each video file in the folder; or the id of a video in the run's dataset
      --json                prints a line of JSON for each question and video
      --no-pages            prints answers only; by default, pages are written to explanations/<run>/asked, or to --out=FOLDER
      engine.backend=cpu    changes the engine`,

  demo: `Asks a run in a browser: choose a video of the run's dataset or drop a file, type a question, and see the answer with its page. Only browsers on this machine
can connect, and no data leave the machine. Ctrl-C stops the program and removes the videos.

  npx nx run evaluator:demo --run=RUN                      prints the address; --port=N sets the port, by default any free one
      engine.backend=cpu    changes the engine`,

  evaluate: `Scores the best checkpoint of a run by question type, in the field's column order, and writes a prediction for each question.

  npx nx run evaluator:evaluate --run=RUN                  RUN: an id, the beginning or end of an id, or a folder
  npx nx run evaluator:evaluate --run=RUN --split=val      scores val instead of test
  npx nx run evaluator:evaluate --run=RUN --use            also measures what the answers lose without attention or maps, and without the seconds
                            and regions that the network attends to (docs/grounding.md); kept in use-<split>.json
  npx nx run evaluator:evaluate --run=RUN engine.backend=cpu     changes the engine
  npx nx run evaluator:evaluate --run=RUN dataset=music-avqa-v2 dataset.version=bias    scores the test of another benchmark (music-avqa,
                            music-avqa-v2, music-avqa-r, fortis-avqa), without questions that the run was trained or chosen on; dataset.root=FOLDER
                            features.store=FOLDER`,

  explain: `Makes pages that show why a run answered as it did: frames, sound, attention, maps, and how the answer changes when the input is altered (docs/looking.md).

  npx nx run evaluator:explain --run=RUN                   RUN: an id, its beginning or end, or a folder; 20 questions of all types, with an index
  npx nx run evaluator:explain --run=RUN --question=ID     one question, or several: ID,ID
  npx nx run evaluator:explain --run=RUN --wrong --type=AV-Count,AV-Loc --sample=50    50 questions of these types with wrong answers
      --with=RUN            shows a second run on the same questions, next to the first
      --split=val           takes questions of val instead of test
      --out=FOLDER          writes to FOLDER instead of explanations/<run>, or <run>-val, <run>-wrong ...
      engine.backend=cpu    changes the engine`,

  leaderboard: `Makes a leaderboard of finished runs. Runs that differ only in their seed are one method. The page has intervals over videos and paired tests against a reference.
Next to it is questions.html, which lists every question by type and template: right, wrong, and where two methods differ.

  npx nx run evaluator:leaderboard                         all runs on the same questions as the newest run
  npx nx run evaluator:leaderboard --exp=NAME,NAME         the runs of these experiments
  npx nx run evaluator:leaderboard --sweep=GRID            all cells of a grid's newest sweep; or --sweep=ID
  npx nx run evaluator:leaderboard --runs=RUN,RUN
      --from=mlflow --exp=NAME  the runs of an experiment on the project's MLflow server; for a sweep, NAME is the name of its grid
      --split=val           compares on val instead of test (evaluate --split=val writes the predictions)
      --reference=NAME      a method, an experiment or a run; by default the first cell of the sweep, or the best method
      --resamples=N         how often videos are resampled, by default 2000
      --predictions=NAME=FILE   adds predictions of another program; --prediction-key, --id-key, --digits and --answers work as for score,
                            for all files, or for one file: --prediction-key=NAME=KEY
      --questions=KEY       takes the runs on other questions than the newest run's; a page lists the keys of the runs that it leaves out
      --tests=NAME,NAME     also shows these tests of other benchmarks, a group of columns each: music-avqa, music-avqa-r and fortis-avqa (all,
                            head and tail), music-avqa-v2-balance, music-avqa-v2-bias; NAME=FOLDER where a test lies elsewhere. --tests=all shows
                            every test on which a run has predictions (evaluate dataset=NAME writes them)
      --published           adds published figures on other questions, in separate tables
      --out=FOLDER --title=TEXT dataset.root=FOLDER`,

  score: `Scores predictions from any program: JSON, JSON lines or CSV, gzipped or not. Each has a question id and an answer, as words or as an index. The command prints
which keys it read. If a file can be read in several ways, an error gives the accuracy of each reading and the option that selects it.

  npx nx run evaluator:score --predictions=FILE dataset.root=FOLDER
  npx nx run evaluator:score --predictions=FILE dataset=music-avqa-v2 dataset.version=balance    or bias; or dataset=music-avqa-r, dataset=fortis-avqa
      --trained-on=FILE,FILE    annotation files that the model was trained and chosen on; their questions are left out of the test.
                            By default the train and val files of v2.0 or R below the root
      --split=val           scores val instead of test; --name=TEXT names the row
      --prediction-key=KEY  the key (column) of the predictions, if several keys hold answers; --id-key=KEY is that of the question ids.
                            The keys of a JSON map are "key" and "value"
      --digits=counts       what numbers mean: counts (2 is "two"), indices, or indices-from-1. By default a number among words is a count,
                            and in a file of numbers it is an index from 0
      --answers=FILE        the order of the 42 answers that indices refer to: official (the default), v2.0, or a file`,
} as const;
