"""Writes all parity fixtures: python tools/parity/write_fixtures.py"""

import torch

import controls
import cue_space
import jtg
import losses
import pstp
import qa_tiger
import qast
import st_avqa
import tass
import tjstg
import tspm
import tsg_plus
from fixture import write_fixture

WITHOUT_VIDEO = {"audio": True, "video": False}
WITHOUT_AUDIO = {"audio": False, "video": True}
QUESTION_ONLY = {"audio": False, "video": False}
PAIRED = {"stream": "paired", "context": "none"}
HARD = ["question.target.key.weight", "question.target.query.bias", "question.target.query.weight"]  # which word is the largest has no gradient

FIXTURES = {
    "tsg-plus": {
        "mean-maps": tsg_plus.case({}),
        "separate-maps": tsg_plus.case({"maps": "separate"}),
        "text-query": tsg_plus.case({"audioQuery": False, "threshold": 0}),
        "audio-query": tsg_plus.case({"textQuery": False}),
        "average-pooling": tsg_plus.case({"grounding": False}),
        "product-of-maps": tsg_plus.case({"maps": "product"}),
        "places-of-maps": tsg_plus.case({"maps": "product", "places": True, "regions": 6}),
        "places-of-separate-maps": tsg_plus.case({"maps": "separate", "places": True, "regions": 6}),
        "presence": tsg_plus.case({"presence": True, "places": True, "regions": 6}),
        "presence-of-separate-maps": tsg_plus.case({"presence": True, "maps": "separate", "regions": 6}),
    },
    "jtg": {
        "single-bilstm": jtg.case({}),
        "single-attention": jtg.case({"context": "attention"}),
        "dual-bilstm": jtg.case({"stream": "dual"}),
        "dual-none": jtg.case({"stream": "dual", "context": "none"}),
        "paired-none": jtg.case({"stream": "paired", "context": "none"}),
    },
    "losses": {"losses": losses.case(), "attention-losses": losses.attention_case(), "audio-map": losses.audio_map_case()},
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
        "paired-attended-places": tass.case(tsg={"places": True, "regions": 6, "maps": "product"}, temporal=PAIRED, summary="attended"),
        "paired-audio-question": tass.case(inputs=WITHOUT_VIDEO, temporal=PAIRED, summary="attended"),
        "attended-single-stream": tass.case(temporal={"context": "none"}, summary="attended"),
        "paired-attended-presence": tass.case(tsg={"places": True, "presence": True, "regions": 6}, temporal=PAIRED, summary="attended"),
        "paired-attended-presence-video-head": tass.case(
            tsg={"places": True, "presence": True, "regions": 6}, temporal=PAIRED, summary="attended", match="video-head"
        ),
        "no-text-query-video-head": tass.case(tsg={"textQuery": False}, temporal={"context": "none"}, match="video-head"),
        "average-pooling-video-head": tass.case(tsg={"grounding": False}, temporal={"context": "none"}, match="video-head"),
    },
    "baselines": {
        "st-avqa": st_avqa.case(),
        "st-avqa-regions": st_avqa.case(region_dim=10),
        "tjstg": tjstg.case("corrected"),
        "tjstg-published": tjstg.case("published"),
        "tjstg-regions": tjstg.case("corrected", region_dim=10),
        "mean-pooling": controls.mean_pooling(),
        "transformer": controls.transformer(),
        "pstp-public": pstp.public(),
        "pstp-intended": pstp.intended(),
        "qa-tiger": qa_tiger.case("fixed"),
        "qa-tiger-published": qa_tiger.case("published"),
        "tspm": tspm.case("prompt"),
        "tspm-uniform": tspm.case("uniform"),
        "qast": qast.case("mean"),
        "qast-layer": qast.case("layer"),
        "cue-space": cue_space.case(True),
        "cue-space-without-audio-patches": cue_space.case(False),
    },
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    for package, cases in FIXTURES.items():
        for index, (name, make) in enumerate(cases.items()):
            write_fixture(f"packages/{package}/src/fixtures/{name}.json", make, seed=1000 * (index + 1))
