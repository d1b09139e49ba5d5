export const usage = `Scores the best checkpoint of a run by question type, in the field's column order, and writes a prediction for each question.

  npx nx run evaluator:evaluate --run=RUN                  RUN: an id, the beginning or end of one, or a folder
  npx nx run evaluator:evaluate --run=RUN --split=val      instead of the test questions
  npx nx run evaluator:evaluate --run=RUN --use            also what the answers lose without attention or map, and when the seconds and
                            regions that the network attends to are taken away: docs/grounding.md; kept as use-<split>.json
  npx nx run evaluator:evaluate --run=RUN engine.backend=cpu
  npx nx run evaluator:evaluate --run=RUN dataset=music-avqa-v2 dataset.version=bias    another benchmark's test (music-avqa, music-avqa-v2,
                            music-avqa-r), without what the run was trained or chosen on; dataset.root=FOLDER features.store=FOLDER

Pages that show why a run answered as it did: frames, sound, attention, maps, and how the answer moves when the input is altered. docs/looking.md

  npx nx run evaluator:explain --run=RUN                   20 questions of all types, and an index of them
  npx nx run evaluator:explain --run=RUN --question=ID     one question, or several: ID,ID
  npx nx run evaluator:explain --run=RUN --wrong --type=AV-Count,AV-Loc --sample=50    of those that it answers wrongly, of these types
      --with=RUN            another run on the same questions, next to the first
      --split=val           instead of the test questions
      --out=FOLDER          instead of explanations/<run>, or <run>-val, <run>-wrong ...; engine.backend=cpu

Asks a run about videos of your own: ffmpeg, the run's encoders, its best epoch; the answer in words with its probability, the four next ones, and words that
the run never saw.

  npx nx run evaluator:ask --run=RUN --video=FILE "How many instruments are visible?" "Where is the cello?"
      --video=FOLDER        each video file in it; or the id of a video of the run's dataset
      --json                a line of JSON for each question and video
      --no-pages            answers alone; pages are written to explanations/<run>/asked, or to --out=FOLDER

The same in a browser: choose a video of the run's dataset or drop a file, type a question, see the answer and its page. Only browsers of this machine reach it,
and nothing leaves the machine. Ctrl-C ends it and removes the videos.

  npx nx run evaluator:demo --run=RUN                      prints the address; --port=N instead of any free one

A leaderboard of finished runs: runs that differ in their seed are one method; intervals over videos, paired tests against a reference. Next to its page lies
questions.html: its questions one by one, by type and template, right, wrong, and where two methods differ.

  npx nx run evaluator:leaderboard                         all runs on the same questions as the newest run
  npx nx run evaluator:leaderboard --exp=NAME,NAME         the runs of these experiments
  npx nx run evaluator:leaderboard --sweep=GRID            the cells of a grid's newest sweep, whatever experiments they are of; or --sweep=ID
  npx nx run evaluator:leaderboard --runs=RUN,RUN
      --from=mlflow --exp=NAME  the runs of an experiment on the project's MLflow server; a sweep's experiment has the name of its grid
      --split=val           instead of test (evaluate --split=val writes the predictions)
      --reference=NAME      a method's name, an experiment or a run; by default the first cell of the sweep, or the best method
      --resamples=N         of the videos, 2000 by default
      --predictions=NAME=FILE   predictions of another program, next to the runs; --prediction-key, --id-key, --digits and --answers as for score,
                            for all files, or for one as --prediction-key=NAME=KEY
      --questions=KEY       runs on other questions than the newest run's; a page lists the keys that it leaves out
      --published           published figures on other questions too, in tables of their own
      --out=FOLDER --title=TEXT dataset.root=FOLDER

Scores predictions of any program: JSON, JSON lines or CSV, gzipped or not, with a question id and an answer, in words or as index.
One line says which keys were read. What could be read in several ways is refused, with the accuracy under each and the option that chooses.

  npx nx run evaluator:score --predictions=FILE dataset.root=FOLDER
  npx nx run evaluator:score --predictions=FILE dataset=music-avqa-v2 dataset.version=balance    or bias; or dataset=music-avqa-r
      --trained-on=FILE,FILE    annotation files that the model was trained and chosen on: their questions are left out;
                            else the train and val file of v2.0 or R below the root
      --split=val --name=TEXT
      --prediction-key=KEY  the key (column) of the predictions, where several hold answers; --id-key=KEY that of the question ids.
                            A JSON map has the keys "key" and "value"
      --digits=counts       what numbers mean: number words (2 is two), or indices, or indices-from-1. By itself a number among words is a
                            count, and in a file of numbers an index from 0
      --answers=FILE        the order of the 42 answers that indices stand for, if not the official one: official, v2.0 or a file`;
