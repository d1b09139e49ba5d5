"""Writes all parity fixtures: python tools/parity/write_fixtures.py"""

import torch

import jtg
import losses
import tass
import tsg_plus
from fixture import write_fixture

WITHOUT_VIDEO = {"audio": True, "video": False}
WITHOUT_AUDIO = {"audio": False, "video": True}
QUESTION_ONLY = {"audio": False, "video": False}
HARD = ["question.target.key.weight", "question.target.query.bias", "question.target.query.weight"]  # which word is the largest has no gradient

FIXTURES = {
    "tsg-plus": {
        "mean-maps": tsg_plus.case({}),
        "separate-maps": tsg_plus.case({"maps": "separate"}),
        "text-query": tsg_plus.case({"audioQuery": False, "threshold": 0}),
        "audio-query": tsg_plus.case({"textQuery": False}),
        "average-pooling": tsg_plus.case({"grounding": False}),
    },
    "jtg": {
        "single-bilstm": jtg.case({}),
        "single-attention": jtg.case({"context": "attention"}),
        "dual-bilstm": jtg.case({"stream": "dual"}),
        "dual-none": jtg.case({"stream": "dual", "context": "none"}),
    },
    "losses": {"losses": losses.case()},
    "tass": {
        "full": tass.case(),
        "match-head": tass.case(match="head"),
        "separate-dual-attention-contrastive": tass.case(
            tsg={"maps": "separate"}, temporal={"stream": "dual", "context": "attention"}, match="contrastive"
        ),
        "learned-question": tass.case(question={"encoder": "learned"}, temporal={"context": "none"}),
        "hard-target": tass.case(question={"target": "hard"}, temporal={"context": "none"}, zero=HARD),
        "no-text-query-contrastive": tass.case(tsg={"textQuery": False}, temporal={"context": "none"}, match="contrastive"),
        "average-pooling-head": tass.case(tsg={"grounding": False}, temporal={"context": "none"}, match="head"),
        "audio-question": tass.case(inputs=WITHOUT_VIDEO),
        "video-question": tass.case(inputs=WITHOUT_AUDIO),
        "question-only": tass.case(question={"encoder": "learned"}, inputs=QUESTION_ONLY),
        "learned-projections-head": tass.case(visualDim=10, temporal={"context": "none"}, match="head"),
    },
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    for package, cases in FIXTURES.items():
        for index, (name, make) in enumerate(cases.items()):
            write_fixture(f"packages/{package}/src/fixtures/{name}.json", make, seed=1000 * (index + 1))
