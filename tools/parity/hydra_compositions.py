"""What Hydra itself makes of configurations and command lines that both it and @tass/config read.

    python tools/parity/hydra_compositions.py

Writes packages/config/src/fixtures/hydra.json: versions, files, environment, and for each case its words and what Hydra gives: the resolved
configuration, for `-m` those of the jobs in their order, or the kind of its error. Experiments of a folder begin with `# @package _global_`,
which Hydra needs and which is a comment to others. Not named hydra.py, which would stand before Hydra itself.
"""

import json
import os
import tempfile
import textwrap
from importlib.metadata import version
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

TARGET = Path(__file__).resolve().parents[2] / "packages/config/src/fixtures/hydra.json"

ENVIRONMENT = {"TASS_CITY": "Rēzekne", "TASS_COUNT": "3", "TASS_EMPTY": ""}

FILES = {
    "main": """
        defaults: [model: tass, optimizer: adam]
        seed: 1
        epochs: 8
        title: a title
        deterministic: false
        nothing: null
        tags: [a, b]
        model: {dim: 64}""",
    "model/tass": "{dim: 512, heads: 4, jtg: {stream: single, layers: [1, 2]}}",
    "model/small": """
        defaults: [tass]
        dim: 32""",
    "model/nested": """
        defaults: [jtg: dual]
        dim: 16""",
    "model/self-first": """
        defaults: [_self_, tass]
        dim: 16
        own: true""",
    "model/jtg/single": "{stream: single, heads: 2}",
    "model/jtg/dual": "{stream: dual, heads: 8}",
    "optimizer/adam": "{name: adam, learningRate: 1e-3, betas: [0.9, 0.999]}",
    "optimizer/sgd": "{name: sgd, momentum: 0.9}",
    "optimizer/sgd-slow": """
        defaults: [sgd]
        learningRate: 1e-5""",
    "schedule/adam": "warmup: 100",
    "launcher/local": "jobs: 2",
    "launcher/slurm": "{partition: gpu, memory: 16G}",
    # the defaults list
    "self-first": """
        defaults: [_self_, model: tass]
        model: {dim: 64, own: 1}""",
    "self-between": """
        defaults: [model: tass, _self_, optimizer: adam]
        model: {dim: 64}
        optimizer: {name: mine, extra: 1}""",
    "self-last": """
        defaults: [model: tass, _self_]
        model: {dim: 64}""",
    "only-keys": "{a: 1, b: {c: 2}}",
    "empty": "",
    "value": "{x: 0, seed: 1, model: {dim: 64}}",
    "slash": """
        defaults: [model/small, optimizer/sgd]
        seed: 3""",
    "nested-group": """
        defaults: [model: tass, model/jtg: dual]
        seed: 3""",
    "nested-first": """
        defaults: [model/jtg: dual, model: tass]
        seed: 3""",
    "builds-on": """
        defaults: [main]
        seed: 5
        tags: [c]""",
    "builds-on-root": """
        defaults: [/main]
        model: {heads: 2}""",
    "ablations/small": """
        # @package _global_
        defaults: [/main, override /model: small]
        title: smaller""",
    "ablations/smaller": """
        # @package _global_
        defaults: [/ablations/small, override /optimizer: sgd]
        model: {dim: 8}""",
    "ablations/beside": """
        # @package _global_
        defaults: [small]
        title: beside""",
    "ablations/overruled": """
        # @package _global_
        defaults: [/ablations/small, override /model: nested]""",
    "ablations/nested": """
        # @package _global_
        defaults: [/main, override /model: nested, override /model/jtg: single]""",
    "override-of-none": "defaults: [override /model: tass]",
    "override-before": "defaults: [override /model: small, /main]",
    "optional-absent": """
        defaults: [model: tass, optional site: here]
        seed: 1""",
    "optional-there": "defaults: [optional model: small]",
    "absent": "defaults: [model: none]",
    "absent-group": "defaults: [nothing: none]",
    "absent-experiment": "defaults: [none]",
    "circle": "defaults: [circle-back]",
    "circle-back": "defaults: [circle]",
    "twice": "defaults: [model: tass, model: small]",
    "to-choose": """
        defaults: [model: "???"]
        seed: 1""",
    "none-chosen": """
        defaults: [model: null]
        seed: 1""",
    "several": "defaults: [optimizer: [adam, sgd]]",
    "elsewhere": "defaults: [model@teacher: tass, model@student: small]",
    "chosen-by-reference": "defaults: [optimizer: adam, schedule: '${optimizer}']",
    "part/plain": "width: 5",
    "part/empty": "",
    "part/v1.2": "width: 12",
    "part/3": "width: 3",
    "part/global": """
        # @package _global_
        width: 6""",
    "part/elsewhere": """
        # @package net
        width: 7""",
    "part/group-header": """
        # @package _group_
        width: 1""",
    "part/deep-header": """
        # @package _global_.net.inner
        width: 2""",
    "part/named-header": """
        # @package sizes._name_
        width: 3""",
    "part/late-header": """
        # a line of its own
        # @package _global_
        width: 4""",
    "part/blank-header": """

        #   @package   _global_

        width: 5""",
    "part/global-with-options": """
        # @package _global_
        defaults: [inner: deep, plain]
        width: 6""",
    "part/elsewhere-self-first": """
        # @package net
        defaults: [_self_, plain]
        width: 7""",
    "part/global-with-override": """
        # @package _global_
        defaults: [override /model: small]
        seed: 8""",
    "part/root-option": "defaults: [/part/plain]",
    "part/inner/deep": "depth: 2",
    "part/with-root-group": """
        defaults: [/optimizer: sgd]
        width: 8""",
    "part/on-nested": """
        defaults: [/model: nested, override /model/jtg: single]
        width: 9""",
    "net/single": "stream: single",
    "net/dual": "stream: dual",
    "net/base": "defaults: [/model/jtg: dual, /optimizer/adam]",
    "model-again/base": """
        defaults: [inner: first]
        dim: 1""",
    "model-again/inner/first": "is: first",
    "model-again/inner/second": "is: second",
    "model-again/other": """
        defaults: [base, override inner: second]
        dim: 2""",
    "model-again/between": """
        defaults: [inner: first, _self_, base-keys]
        inner: {is: own, own: 1}
        dim: 3""",
    "model-again/base-keys": "{dim: 4, extra: 4}",
    "empty-option": "defaults: [part: empty]",
    "dotted-option": "defaults: [part: v1.2]",
    "number-option": "defaults: [part: 3]",
    "quoted-number-option": "defaults: [part: '3']",
    "extension": "defaults: [part: plain.yaml]",
    "extension-of-experiment": "defaults: [only-keys.yaml]",
    "option-with-global-package": """
        defaults: [part: global]
        seed: 1""",
    "option-with-other-package": """
        defaults: [part: elsewhere]
        seed: 1""",
    "option-with-root-group": "defaults: [part: with-root-group]",
    "option-with-override": "defaults: [part: on-nested]",
    "absolute-option": "defaults: [/part/plain]",
    "absolute-group": "defaults: [/part: plain]",
    "deep-option": "defaults: [part: inner/deep]",
    "deep-group": "defaults: [part/inner: deep]",
    "deep-word": "defaults: [part/inner/deep]",
    "optional-word": """
        defaults: [optional part/none]
        seed: 1""",
    "optional-experiment": "defaults: [optional none]",
    "override-without-slash": "defaults: [main, override model: small]",
    "override-as-word": "defaults: [main, override /model/small]",
    "override-to-none": "defaults: [main, override /model: none]",
    "override-to-null": "defaults: [main, override /model: null]",
    "override-inside-option": "defaults: [model-again: other]",
    "override-of-unchosen": "defaults: [none-chosen, override /model: small]",
    "override-of-what-is-to-be-chosen": "defaults: [to-choose, override /model: small]",
    "override-to-what-is-to-be-chosen": "defaults: [main, override /model: '???']",
    "override-in-later-option": "defaults: [model: tass, part: global-with-override]",
    "override-in-earlier-option": "defaults: [part: global-with-override, model: tass]",
    "override-twice": "defaults: [main, part: global-with-override, override /model: nested]",
    "optional-null": "defaults: [optional model: null]",
    "unchosen-and-written": """
        defaults: [model: null]
        model: {dim: 3}""",
    "unchosen-nested": "defaults: [model: tass, model/jtg: null]",
    "absolute-deep-option": "defaults: [/part/inner/deep]",
    "absolute-option-and-keys": """
        defaults: [_self_, /part/plain]
        part: {width: 1, own: 2}""",
    "absolute-option-without-file": "defaults: [/part/none]",
    "option-with-deep-header": "defaults: [part: deep-header]",
    "option-with-group-header": "defaults: [part: group-header]",
    "option-with-named-header": "defaults: [part: named-header]",
    "option-with-late-header": "defaults: [part: late-header]",
    "option-with-blank-header": "defaults: [part: blank-header]",
    "option-with-header-and-options": "defaults: [part: global-with-options]",
    "option-with-header-self-first": "defaults: [part: elsewhere-self-first]",
    "experiment-with-header": """
        # @package net
        defaults: [only-keys]
        c: 3""",
    "self-between-in-option": "defaults: [model-again: between]",
    "self-twice": "defaults: [_self_, model: tass, _self_]",
    "defaults-empty": """
        defaults: []
        seed: 1""",
    "defaults-null": """
        defaults: null
        seed: 1""",
    "defaults-map": "defaults: {model: tass}",
    "defaults-text": "defaults: tass",
    "defaults-of-null": "defaults: [null]",
    "two-in-one-entry": """
        defaults:
        - model: tass
          optimizer: adam""",
    # merging
    "list-over-list": """
        defaults: [_self_, optimizer: adam]
        optimizer: {betas: [1, 2, 3]}""",
    "map-over-scalar": """
        defaults: [only-keys]
        a: {x: 1}""",
    "scalar-over-map": """
        defaults: [only-keys]
        b: 3""",
    "null-over-map": """
        defaults: [only-keys]
        b: null""",
    "list-over-map": """
        defaults: [only-keys]
        b: [1]""",
    "map-over-null": """
        defaults: [null-over-map]
        b: {d: 4}""",
    "empty-map-over-map": """
        defaults: [only-keys]
        b: {}""",
    "missing": """
        a: ???
        b:
          c: ???
        d: [1, "???"]""",
    "missing-over-value": """
        defaults: [only-keys]
        a: ???""",
    "missing-over-map": """
        defaults: [only-keys]
        b: ???""",
    "value-over-missing": """
        defaults: [missing]
        a: 1
        b: {c: 2}""",
    "map-over-missing": """
        defaults: [missing]
        a: {x: 1}""",
    "lists-of-maps": """
        defaults: [maps-in-list]
        l: [{x: 5}]""",
    "maps-in-list": "{l: [{x: 1, y: 2}, {x: 3}]}",
    "map-over-reference": """
        defaults: [reference-to-map]
        copy: {x: 7}""",
    "map-over-reference-later": """
        defaults: [map-over-reference]
        base: {x: 9}
        seed: 5""",
    "map-over-reference-and-its-map": """
        defaults: [reference-to-map]
        base: {x: 2}
        copy: {z: 3}
        base2: {}""",
    "map-over-reference-before-its-map": """
        defaults: [reference-to-map]
        copy: {z: 3}
        base: {x: 2}""",
    "map-over-deep-reference": """
        defaults: [reference-through-reference]
        copy: {x: {w: 1}}""",
    "two-references": "{a: '${b}', b: '${c}', c: {x: 1, y: '${.x}'}}",
    "map-over-two-references": """
        defaults: [two-references]
        a: {x: 2}""",
    "map-over-reference-to-scalar": """
        defaults: [reference]
        b: {x: 2}""",
    "map-over-text-with-reference": """
        defaults: [reference-in-text]
        c: {x: 2}""",
    "map-over-nested-reference": """
        defaults: [reference-to-chosen-map]
        size: {x: 2}""",
    "reference-to-chosen-map": "{which: small, sizes: {small: {x: 1, y: 1}}, size: '${sizes.${which}}'}",
    "map-over-circle": """
        defaults: [reference-circle]
        a: {x: 2}""",
    "map-over-relative-reference": """
        defaults: [relative-map]
        m: {copy: {x: 2}}""",
    "relative-map": "{m: {base: {x: 1, y: '${..n}'}, n: 4, copy: '${.base}'}}",
    "missing-over-reference": """
        defaults: [reference-to-map]
        copy: ???""",
    "scalar-over-reference": """
        defaults: [reference-to-map]
        copy: 3""",
    "map-over-scalar-over-map": "defaults: [only-keys, scalar-and-map-over-map]",
    "scalar-and-map-over-map": """
        defaults: [scalar-over-map]
        b: {d: 4}""",
    "reference-over-map": """
        defaults: [only-keys]
        b: ${other}
        other: {z: 1}""",
    "reference-over-scalar": """
        defaults: [only-keys]
        a: ${b.c}""",
    # what YAML says
    "numbers": "{a: 1e-3, b: 1E5, c: .5, d: 5., e: -2, f: +3, g: 1.50, h: 12345678901, i: -1e-7, j: 6.02e+23}",
    "words": "{a: true, b: True, c: FALSE, d: null, e: ~, f: Null, g: none, h: 'true', i: \"1\", j: 1.2.3, k: 1e, l: 0.1.0}",
    "old-booleans": "{a: off, b: yes, c: On, d: n}",
    "old-octal": "{a: 017}",
    "new-octal": "{a: 0o17}",
    "hexadecimal": "{a: 0x1F}",
    "underscores": "{a: 1_000, b: 1_0.5}",
    "sexagesimal": "{a: 12:30:00}",
    "date": "{a: 2024-05-12}",
    "anchors": "{a: &x {b: 1}, c: *x}",
    "merge-key": """
        base: &base {a: 1, b: 2}
        both:
          <<: *base
          b: 3""",
    "merge-key-first": """
        base: &base {a: 1, b: 2}
        both:
          b: 3
          <<: *base""",
    "merge-keys-in-list": """
        one: &one {a: 1, b: 1}
        two: &two {b: 2, c: 2}
        both: {<<: [*one, *two], d: 3}""",
    "merge-key-twice": """
        one: &one {a: 1, b: 1}
        two: &two {b: 2, c: 2}
        both:
          <<: *one
          <<: *two""",
    "merge-key-nested": """
        one: &one {a: 1}
        two: &two {<<: *one, b: 2}
        both: {<<: *two, c: 3}""",
    "merge-key-at-root": """
        base: &base {a: 1}
        <<: *base""",
    "merge-key-inline": "{both: {<<: {a: 1}, b: 2}}",
    "merge-key-quoted": "{both: {'<<': {a: 1}, b: 2}}",
    "merge-key-of-text": "{both: {<<: text}}",
    "merge-key-of-null": "{both: {<<: null}}",
    "merge-key-of-mixed-list": "{both: {<<: [{a: 1}, 3]}}",
    "merge-key-of-empty-list": "{both: {<<: [], a: 1}}",
    "merge-key-is-shallow": """
        base: &base {m: {x: 1}}
        both: {<<: *base, m: {y: 2}}""",
    "twice-the-key": "{a: 1, a: 2}",
    "broken": "a: [1",
    "list-at-root": "- 1",
    "texts": """
        block: |
          one
          two
        folded: >-
          three
          four
        unicode: 'grüße 🎻 日本'
        escaped: "a\\tb\\u00e9"
        quoted: 'it''s'""",
    "number-keys": "{1: a, b: {2: c}}",
    "other-keys": "{true: 1, 1.5: b, a-b: {c-d: 1}, a/b: 2, to: '${a-b.c-d}'}",
    "key-with-dots": "{a.b: 1, a: {b: 2}}",
    "key-with-blank": "{a b: {c: 1}, to: '${a b.c}'}",
    "key-null": "{null: 1}",
    "key-reference": "{a: k, '${a}': 1}",
    "more-numbers": "{a: 1e3, b: 1.e3, c: 1.0e+3, d: 1e+03, e: 0.0, f: 00, g: 1e400, h: 1e}",
    "plus-point": "{a: +.5}",
    "leading-zero": "{a: 08}",
    "binary": "{a: 0b11}",
    "special-numbers": "{a: .inf, b: -.inf, c: .nan, d: .Inf, e: inf, f: nan}",
    "colons": "{a: x:y, b: http://h:80/p, c: 'x: y', d: ':x'}",
    "comments": """
        a: 1 # one
        b: 'x # y'
        c: x#y""",
    "several-lines": """
        a: one
          two
        b: 'three

          four'""",
    "nothing-written": """
        a:
        b: {c: }""",
    "tags": "{a: !!str 1, b: !!int '3'}",
    "document-start": """
        ---
        a: 1""",
    "two-documents": """
        a: 1
        ---
        b: 2""",
    "tab": "a:\n\tb: 1",
    # references
    "reference": "{a: 3, b: '${a}', c: {d: '${a}', e: '${c.d}'}}",
    "reference-types": "{n: 1.5, t: true, z: null, l: [1, 2], m: {x: 1}, to: ['${n}', '${t}', '${z}', '${l}', '${m}']}",
    "reference-in-text": "{a: 3, b: x, c: '${b}-${a}.ckpt', d: 'a ${b} b', e: '${a}${a}'}",
    "reference-to-boolean-in-text": "{a: true, b: 'is ${a}'}",
    "reference-to-null-in-text": "{a: null, b: 'is ${a}'}",
    "reference-to-float-in-text": "{a: 2.0, b: 'is ${a}'}",
    "reference-to-small-float-in-text": "{a: 1e-5, b: 'is ${a}'}",
    "reference-to-map-in-text": "{a: {x: 1}, b: 'is ${a}'}",
    "reference-relative": "{a: 1, b: {a: 2, c: '${.a}', d: '${..a}', e: {f: '${..a}', g: '${...a}'}}}",
    "reference-relative-in-list": "{a: 1, b: [5, '${.0}', '${..a}']}",
    "reference-out-of-root": "{a: '${...b}', b: 1}",
    "reference-nested": "{which: small, sizes: {small: 1, large: 2}, size: '${sizes.${which}}'}",
    "reference-to-item": "{l: [a, {b: c}], first: '${l.0}', second: '${l[1].b}', third: '${l[1][b]}'}",
    "reference-to-key-in-brackets": "{m: {x: 1}, a: '${m[x]}', b: '${[m][x]}'}",
    "reference-to-map": "{base: {x: 1, y: '${seed}'}, copy: '${base}', seed: 4}",
    "reference-through-reference": "{base: {x: {y: 5}}, copy: '${base}', z: '${copy.x.y}'}",
    "reference-to-reference": "{a: '${b}', b: '${c}', c: 7}",
    "reference-to-nothing": "{a: '${b}'}",
    "reference-below-scalar": "{a: 1, b: '${a.c}'}",
    "reference-circle": "{a: '${b}', b: '${a}'}",
    "reference-to-itself": "{a: '${a}'}",
    "reference-circle-through-map": "{a: {b: '${a}'}}",
    "reference-to-missing": """
        a: ???
        b: ${a}""",
    "reference-to-missing-in-text": """
        a: ???
        b: x${a}""",
    "reference-escaped": "{a: 1, b: '\\${a}', c: 'x \\${a} ${a}', d: '\\\\${a}', e: '$a {a} $ {a}'}",
    "reference-unclosed": "{a: '${b', b: 1}",
    "reference-empty": "{a: '${}'}",
    "reference-spaces": "{a: 1, b: '${ a }'}",
    "reference-null-map": "{a: null, b: '${a.c}'}",
    "reference-to-last-item": "{l: [1, 2, 3], a: '${l.-1}'}",
    "reference-past-the-list": "{l: [1, 2], a: '${l.2}'}",
    "reference-to-inner-list": "{l: [[1, 2], [3]], a: '${l.0.1}', b: '${l[1][0]}'}",
    "reference-beside-in-list": "{a: 1, l: [{x: '${a}', y: '${.x}', z: '${..0.x}'}]}",
    "reference-to-list-in-text": "{l: [1], a: 'x${l}'}",
    "reference-to-large-float-in-text": "{a: 1.5e+20, b: 'is ${a}'}",
    "reference-to-number-in-text": "{a: 0.1, b: 1e-4, c: 'v${a}', d: 'v${b}'}",
    "environment": "{a: '${oc.env:TASS_CITY}', b: 'in ${oc.env:TASS_CITY}!', c: '${oc.env:TASS_COUNT}', d: '${oc.env:TASS_EMPTY}'}",
    "environment-default": "{a: '${oc.env:TASS_NONE,x}', b: '${oc.env:TASS_NONE,null}', c: '${oc.env:TASS_CITY,x}', d: '${oc.env:TASS_NONE,\"a, b\"}'}",
    "environment-default-number": "{a: '${oc.env:TASS_NONE,3}', b: '${oc.env:TASS_NONE,true}'}",
    "environment-default-reference": "{a: fallback, b: '${oc.env:TASS_NONE,${a}}'}",
    "environment-default-empty": "{a: '${oc.env:TASS_NONE,}', b: \"${oc.env:TASS_NONE,''}\"}",
    "environment-absent": "{a: '${oc.env:TASS_NONE}'}",
    "environment-name-by-reference": "{a: CITY, b: '${oc.env:TASS_${a}}'}",
    "environment-default-path": "{a: '${oc.env:TASS_NONE,http://x:80/y}', b: '${oc.env:TASS_NONE,/data/x y}'}",
    "environment-blanks": "{a: '${oc.env: TASS_CITY }', b: '${oc.env:TASS_NONE, x}', c: '${oc.env:TASS_CITY} ${oc.env:TASS_COUNT}'}",
    "environment-quoted": "{a: '${oc.env:\"TASS_CITY\"}', b: \"${oc.env:TASS_NONE,'it is'}\"}",
    "environment-in-turn": "{a: '${oc.env:TASS_NONE,${oc.env:TASS_CITY}}', b: '${oc.env:TASS_NONE,x-${oc.env:TASS_CITY}}'}",
    "environment-default-quoted-reference": "{a: 4, b: \"${oc.env:TASS_NONE,'x-${a}'}\"}",
    "environment-three": "{a: '${oc.env:TASS_CITY,x,y}'}",
    "environment-old-name": "{a: '${env:TASS_CITY}'}",
    "decode-kinds": "{a: '${oc.decode:\"3\"}', b: '${oc.decode:abc}', c: \"${oc.decode:'{a: 1}'}\", d: \"${oc.decode:'true'}\"}",
    "decode-nothing": "{a: \"${oc.decode:''}\"}",
    "decode-quoted-reference": "{n: 4, a: \"${oc.decode:'${n}'}\"}",
    "decode-several": "{a: \"${oc.decode:'1,2'}\"}",
    "decode": "{a: '${oc.decode:${oc.env:TASS_COUNT}}', b: \"${oc.decode:'[1, {a: x}]'}\", c: '${oc.decode:null}'}",
    "decode-environment-default": "{a: '${oc.decode:${oc.env:TASS_NONE,1e-3}}'}",
    "select": "{a: '${oc.select:b.c,5}', b: {d: 1}, e: '${oc.select:b.d}'}",
    "created": "{a: '${oc.create:{x: 1}}'}",
    "keys-of": "{a: {x: 1, y: 2}, b: '${oc.dict.keys:a}'}",
    "function-unknown": "{a: '${nothing:1}'}",
    "reference-in-group": """
        defaults: [relative: here]
        seed: 9""",
    "relative/here": "{dim: 4, double: '${.dim}', seed: '${seed}', up: '${..seed}', whole: '${relative.dim}'}",
}

VALUES = [
    *["1", "-1", "+1", "0", "1e-3", "1E3", ".5", "5.", "-.5", "1.0", "12345678901", "1_000", "007", "0x10", "0b1", "1e", "1.2.3", "1-2"],
    *["true", "True", "FALSE", "tRuE", "yes", "off", "null", "NULL", "nUll", "none", "~", "inf", "-inf", "nan", ".inf"],
    *["", " ", "text", "two words", "  spaces  ", "a-b_c.d", "a/b/c.txt", "/", "a:b", "http://host:80/x", "a=b", "a=b=c", "?", "???", "x@y", "50%"],
    *["a|b", "a;b", "a*b", "*", "a+b", "+", "-", "--", "-x", "!x", "a!", "#x", "a#b", "a #b", "&x", "$x", "^x", "<x>", "a`b", "@x", "%x", "x?"],
    *["grüße", "日本", "🎻", "é x"],
    *["'a b'", '"a b"', "''", '""', "'1'", '"true"', "'null'", "'a,b'", '"a, b"', "'it\\'s'", '"say \\"hi\\""', "'say \"hi\"'", "\"it's\"", "'it''s'"],
    *["'a\\b'", "'a\\\\b'", '"a\\nb"', "'a\\nb'", "'a", 'a"', "it's", "a'b'", "'a'b", "'#'", "' a '", "'[1]'", "'a=b'"],
    *["a\\,b", "a\\ b", "\\[a\\]", "a\\=b", "a\\\\b", "a\\b", "\\"],
    *["[]", "[1]", "[1,2]", "[a, b]", "[ a , b ]", "[a b, c]", "['a,b', c]", "[[1,2],[3]]", "[null, true, 1e-3, '1']", "[1,]", "[,]", "[a:b]", "[1", "1]", "[{a: 1}]"],
    *["{}", "{a:1}", "{a: 1, b: x}", "{a: {b: [1, {c: d}]}}", "{'a b': 1}", '{"a": 1}', "{a: }", "{a}", "{a:1", "{1: a}", "{a b: c}", "{a: 'x, y'}", "{a: http://x}"],
    *["${seed}", "x-${seed}", "'${seed}'", "${.seed}", "${model.dim}", "[${seed}, 2]", "{a: ${seed}}", "${oc.env:TASS_CITY}", "${oc.env:TASS_NONE,x}", "${none}", "${seed", "$seed"],
    *["1,2", "a,b", "a, b", "1,", "range(1,3)", "choice(1,2)", "glob(*)", "f(1)", "(1)", "(", "a(b"],
    *["int(3.9)", "str(1)", "float(1)", "bool(0)"],
    *["1e-03", "1.5e+10", "+.5", "1e400", "00", "08", "0.10", "1.", "1..2", ".", "..", "1e3.5", "_1", "_", "1 2", "1 a", "NaN", "-Inf", "+inf", "infinity", "on", "y", "None"],
    *["C:\\data", "s3://bucket/key", "user@host:/path", "*.py", "~/data", "2024-05-12", "12:30:00", "v1.0", "3d", "a:b:c", ":", "a:", "a: b", "- a", "? a", "! a", "!!int 3", "@", "%d", "a&&b", "a>b", "(a)", "f()"],
    *["a[b]", "a{b}", "[a]b", "[1] 2", "{a:1}{b:2}", "[[]]", "[{}]", "{a: {}}", "[[1,[2,[3]]]]", "[ ]", "[~]", "[-]", "[+1]", "[a=b]", "[,a]", "[a,,b]", "['a' b]", "[true,false,yes]", "[a/b,c.d]", "[a b , c d]"],
    *["{a:1,a:2}", "{a:1,b:2,}", "{a=1}", "{:1}", "{'':1}", "{null: 1}", "{true: 1}", "{1.5: a}", "{a-b: 1}", "{a.b: 1}", "{ a : 1 , b : 2 }", "{a:b:c}", "{a: b: c}", "{a:[1,2],b:{c:d}}", "{a: '1'}", "{a: ''}", "{${seed}: 1}"],
    *["'a' 'b'", "'a''b'", "''''", "'\\\\'", '"a\\\\b"', '"\\u00e9"', '"\\t"', "'\\t'", "'{a: 1}'", "'range(1,3)'", "'???'", "'a: b'", "'a # b'", "'~'", "'\"'", "'é'", '"日本"', "'${seed}-x'", "'${none}'", "'\\${seed}'", '"\\${seed}"', "\\${seed}"],
    *["1'2'", "x'", "'", "a\\'b", "\\,", "\\ a", "a\\ ", "\\{a\\}", "\\(a\\)", "a\\:b", "\\#", "a\\\\,b", "\t1", "a\tb", "[a,\tb]", "'a\nb'", "a  b", "a)", "}", "[a,b],[c]", "range (1,3)", "Range(1,3)", "[range(1,3)]", "1,000"],
    *["${oc.decode:'[1,2]'}", "${seed}${model.dim}", "${seed} x", "${oc.env:TASS_NONE,'a,b'}", "${oc.env:TASS_NONE,}", "{a: ${seed}, b: ['${model.dim}']}", "${HOME}", "${${seed}}"],
]

VALUES += [
    *["\\ ", "a\\  ", "a\\\\ ", "[a\\ ]", "[a\\ ,b]", "{a: b\\ }", "a\\\t", '"a\\${seed}b"', '"\\${seed}${seed}"', '"$seed"', '"a\\ "', "'a\\ '"],
    *["[range (1,3)]", "choice (1,2)", "glob (*)", "int (3)", "str\t(a)", "sort (1,2)", "range  (1,3)"],
]

OVERRIDES = [
    # values of keys that are there
    *["seed=2", "model.dim=8", "model.jtg.stream=dual", "optimizer.learningRate=2e-4", "tags=[x]", "tags=[]", "nothing=1", "model=null", "title=null"],
    *[("seed=2", "seed=3"), "model.jtg={stream: dual}", "model={dim: 3}", "model={}", "model={jtg: {new: 1}}", "model.jtg=3", "title={a: 1}", "seed.x=1"],
    *["tags.0=x", "tags.7=x", "tags[0]=x", "model.jtg.layers.1=5", "nothing.x=1", "++nothing.x=1", "optimizer.betas=[0.5]"],
    # keys that are not there
    *["none=1", "model.none=1", "none.below=1", "modell.dim=1"],
    *["+none=1", "+model.none=1", "+a.b.c=1", ("+a.b=1", "+a.c=2"), "+seed=2", "+model.dim=2", "+model={new: 1}", "+model.jtg={new: 1}", "+nothing=2", "+none"],
    *["++seed=2", "++none=1", "++model.dim=2", "++a.b=1", "++model={dim: 3}", "++model.jtg={new: 1}", "++tags=[z]", "+none=", "+a-b=1", "+a_b.c-d=1", "+1a=1", ("+none={a: {b: 1}}", "none.a.b=2")],
    # deleting
    *["~seed", "~model.dim", "~model.jtg", "~tags", "~none", "~model.none", "~seed=1", "~seed=2", "~title='a title'", "~tags=[a,b]", "~nothing=null", "~nothing", "~tags.0", "~model.jtg.layers.0"],
    *[("~seed", "+seed=4"), ("~seed", "seed=4"), ("~epochs", "~seed"), "~model.jtg={stream: single, layers: [1, 2]}"],
    # groups
    *["model=small", "model=nested", "model=self-first", "model=tass", "model=none", "optimizer=sgd", "optimizer=sgd-slow", ("model=small", "model=nested"), "model='small'"],
    *[("model=small", "model.dim=3"), ("model.dim=3", "model=small"), ("model=small", "optimizer=sgd", "seed=7"), "+model=small", "++model=small", "launcher=local", "+launcher=local", "++launcher=local", ("+launcher=slurm", "launcher.memory=8G")],
    *["+model/jtg=dual", "model/jtg=dual", ("model=nested", "model/jtg=single"), "~model", "~optimizer", "~optimizer=adam", "~optimizer=sgd", "~launcher", ("~optimizer", "+optimizer=sgd"), "+launcher=none", ("+launcher=local", "launcher=slurm")],
    *["model@teacher=small", "+model@teacher=small", "+optimizer@model.optimizer=sgd", "optimizer=[adam,sgd]", "optimizer=null", "+launcher/none=x"],
    # words that are none
    *["model/none=1", "none/deep=1", "+none/deep=1", "model/jtg/dual=1", "/model=small", "model/=small", "model=", 'model=""', "model=tass/", "model=tass.yaml", "+hydra=x", "hydra.run.dir=x"],
    *["seed", "=1", "seed =2", " seed=2", "seed= 2", "+", "~", "++", "-seed=1", "--seed=1", "se ed=1", "seed:1", "'seed'=1", "seed.=1", ".seed=1", "a..b=1"],
]

OTHERS = [
    ("nested-group", "model/jtg=single"),
    ("nested-group", "model=small"),
    ("to-choose", "model=tass"),
    ("none-chosen", "model=tass"),
    ("none-chosen", "+model=tass"),
    ("several", "optimizer=sgd"),
    ("elsewhere", "model@teacher=nested"),
    ("ablations/small", "model=tass"),
    ("ablations/small", "model=nested", "model/jtg=single"),
    ("ablations/smaller", "optimizer=adam", "seed=4"),
    ("ablations/smaller", "model.dim=9"),
    ("optional-absent", "model=small"),
    ("optional-absent", "site=there"),
    ("slash", "model=tass"),
    ("missing", "a=1", "b.c=2"),
    ("missing", "~a"),
    ("reference", "a=9"),
    ("reference", "c.d=9"),
    ("reference-nested", "which=large"),
    ("reference-nested", "which=none"),
    ("reference-to-map", "base.x=2"),
    ("reference-to-map", "copy=5"),
    ("reference-to-map", "copy.x=2"),
    ("reference-through-reference", "base.x.y=6"),
    ("reference-to-missing", "a=2"),
    ("reference-in-group", "relative.dim=6"),
    # more than one word for one key, and maps in turn
    ("main", "+x=1", "+x=2"),
    ("main", "+x=1", "x=2"),
    ("main", "+x=1", "~x"),
    ("main", "~seed", "~seed"),
    ("main", "seed=2", "++seed=3", "seed=4"),
    ("main", "model={dim: 1}", "model={heads: 2}"),
    ("main", "model.dim=3", "model={dim: 1}"),
    ("main", "+new={a: 1}", "new={b: 2}"),
    ("main", "++new={a: 1}", "++new={b: 2}"),
    ("main", "model.jtg=null", "model.jtg={stream: x}"),
    ("main", "model.jtg=null", "model.jtg.stream=x"),
    ("main", "~model.jtg.stream", "+model.jtg.stream=x"),
    # keys of what is no map
    ("main", "+seed.x=1"),
    ("main", "++seed.x=1"),
    ("main", "+tags.2=z"),
    ("main", "++tags.0=z"),
    ("main", "model.jtg.layers=[]"),
    ("main", "model.jtg.layers=3"),
    ("main", "+copy=${model}", "copy.dim=3"),
    ("reference-to-map", "+copy.z=2"),
    ("main", "seed=${epochs}", "epochs=5"),
    ("main", "title=${model.jtg.stream}-${tags.0}"),
    ("reference-to-map", "++copy.z=2"),
    ("reference-to-map", "++copy={z: 2}"),
    ("reference-to-map", "copy={z: 2}"),
    ("reference-to-map", "+copy.deep.z=2"),
    ("map-over-reference", "base.x=3", "copy.x=4"),
    ("main", "+tags.0=x"),
    ("main", "tags.00=x"),
    ("main", "tags.x=1"),
    ("main", "tags.0=[1,2]"),
    ("main", "tags.1=null", "tags.0=${seed}"),
    ("main", "optimizer.betas.0=0.5", "optimizer.betas=[1]"),
    ("maps-in-list", "l.0.x=5"),
    ("maps-in-list", "++l.0.z=5"),
    ("maps-in-list", "l.1={x: 9}"),
    ("maps-in-list", "++l.0={z: 1}"),
    ("maps-in-list", "l.2.x=5"),
    ("maps-in-list", "~l.0.x"),
    ("reference-to-inner-list", "l.0.1=7"),
    # deleting
    ("only-keys", "~b.c"),
    ("only-keys", "~b={c: 2}"),
    ("only-keys", "~b={c: 3}"),
    ("only-keys", "~b={}"),
    ("only-keys", "~a=1.0"),
    ("only-keys", "~a='1'"),
    ("only-keys", "~a="),
    ("missing", "~b.c"),
    ("missing", "~a=???"),
    ("reference", "~b"),
    ("reference", "~a"),
    ("reference", "~b=3"),
    ("reference", "~b=${a}"),
    # what is to be given
    ("only-keys", "a=???"),
    ("missing", "b={c: 3}"),
    ("missing", "a={x: 1}"),
    ("missing", "d=[2]"),
    # groups
    ("main", "part=plain"),
    ("main", "+part=v1.2"),
    ("main", "+part=3"),
    ("main", "+part=global"),
    ("main", "+part=elsewhere"),
    *[("main", f"+part={name}") for name in ("group-header", "deep-header", "late-header", "blank-header", "global-with-options", "global-with-override")],
    ("main", "+part=global-with-override", "model=nested"),
    ("main", "+part=global-with-override", "+launcher=local"),
    ("override-in-later-option", "part=plain"),
    ("none-chosen", "model=small", "model.dim=3"),
    ("none-chosen", "~model"),
    ("unchosen-nested", "model/jtg=dual"),
    ("override-to-null", "model=small"),
    ("override-to-null", "+model=small"),
    ("to-choose", "model=none"),
    ("to-choose", "+model=tass"),
    ("main", "+part=inner/deep"),
    ("main", "+part/inner=deep"),
    ("main", "+part=plain", "+part/inner=deep"),
    ("main", "+part=with-root-group"),
    ("main", "+ablations=small"),
    ("override-inside-option", "model-again=base"),
    ("override-inside-option", "model-again/inner=first"),
    ("override-inside-option", "model-again=between", "model-again/inner=second"),
    ("list-over-list", "optimizer=sgd"),
    ("ablations/small", "model/jtg=dual"),
    ("ablations/small", "+launcher=local"),
    ("ablations/nested", "model=tass"),
]

SWEEPS = [
    *[["seed=1,2,3"], ["seed=1,2", "model=small,tass"], ["model=small,tass", "seed=1,2"], ["seed=1"], ["epochs=3", "seed=1,2", "title=x"]],
    *[["seed=1,2", "epochs=3,4", "model.dim=5,6"], ["seed=1, 2 ,3"], ["seed=choice(3,1,2)"], ["title=choice('a,b',c)"], ["title='a,b',c"], ["title=a b,c"]],
    *[["seed=range(3)"], ["seed=range(1,4)"], ["seed=range(1,8,3)"], ["seed=range(4,1,-1)"], ["seed=range(start=2,stop=4)"], ["seed=range(1,1)"], ["seed=range(4,1)"]],
    *[["optimizer.learningRate=range(0,1,0.25)"], ["optimizer.learningRate=range(0,0.5,0.1)"], ["optimizer.learningRate=range(0.0,2)"], ["seed=range(1,4,0)"], ["seed=range(a,b)"]],
    *[["model=glob(*)"], ["model=glob(s*)"], ["model=glob([t*,s*])"], ["model=glob([t*,s*],exclude=*-*)"], ["model=glob(*,exclude=[n*,t*])"], ["model=glob(sm?ll)"], ["model=glob(x*)"], ["seed=glob(*)"]],
    *[["+launcher=glob(*)"], ["+launcher=local,slurm"], ["launcher=local,slurm"], ["+new=1,2"], ["++seed=1,2"], ["tags=[a],[b,c]"], ["model.jtg={stream: dual},{stream: x}"], ["nothing=null,true,1e-3,''"]],
    *[["seed=1,2", "~tags"], ["~seed=1,2"], ["seed=1,2", "seed=3"], ["seed=1,2", "seed=3,4"], ["seed=1,"], ["seed=,1"], ["seed=1,,2"], ["seed=choice()"], ["seed=choice(1)"], ["seed=1,range(2,4)"]],
    *[["title=${model.dim},x"], ["title=x-${seed}", "seed=1,2"], ["model=small,none"], ["seed=sort(3,1,2)"], ["seed=sort(3,1,2,reverse=true)"], ["seed=interval(0,1)"], ["seed=int(1.5,2.5)"], ["seed=tag(a,choice(1,2))"]],
    *[["model=tass,small", "model.dim=1,2"], ["model/jtg=single,dual", "model=nested"], ["title=1-2,a=b,c:d"]],
    *[["+a=1,'a b',\"c,d\""], ["+a='1',1"], ["+a='null',null"], ["+a=' x ',y"], ["+a=it's,b"], ["+a='${seed}',2"], ["+a={a:1},{a:2}"], ["tags=[],[a]"], ["model.jtg=null,{stream: x}"], ["model=tass,{dim: 3}"]],
    *[["+a=range(0,1,0.3)"], ["+a=range(1,0,-0.25)"], ["+a=range(0.1,0.35,0.1)"], ["+a=range(1,1.3,0.1)"], ["+a=range(1.0,3.0)"], ["+a=range(0,3e-3,1e-3)"], ["+a=range(-2,2)"], ["+a=range(2,-2,-2)"], ["+a=range(5,0,-1.5)"]],
    *[["+a=range(1.5)"], ["+a=range(0)"], ["+a=range(0,-3)"], ["+a=range( 1 , 4 )"], ["+a=range(stop=3)"], ["+a=range(step=2,start=1,stop=6)"], ["+a=range(1,4,step=2)"], ["+a=range(1,2,3,4)"], ["+a=range()"], ["+a=range(begin=1)"], ["+a=range('1',3)"], ["+a='range(1,3)'"], ["+a=range (1,3)"]],
    *[["+a=choice([1,2],[3])"], ["+a=choice({a:1},{b:2})"], ["+a=choice(1, 'b c' , true)"], ["+a=choice(choice(1,2),3)"], ["+a=choice(range(1,3))"], ["+a=choice(a,,b)"], ["+a=choice([1,2])"]],
    *[["model=glob('s*')"], ["model=glob([small,tass])"], ["model=glob(small)"], ["model=glob([s*],exclude=[*self*])"], ["model=glob(include=s*)"], ["model=glob(include=[s*,t*],exclude=tass)"], ["model=glob(s*,t*)"], ["model=glob()"], ["model=glob([*],exclude=[*])"]],
    *[["model=glob(S*)"], ["model=glob(*l*)"], ["+model/jtg=glob(*)"], ["launcher=glob(*)"], ["model=tass,glob(s*)"], ["+launcher=glob(s*)", "seed=1,2"]],
    *[["~tags", "+tags=[a],[b]"], ["+new={a: 1}", "new.a=1,2"], ["model.dim=3", "model={dim: 1},{dim: 2}"], ["+a=1,2", "a=3"], ["+a=1", "a=2,3"], ["model.dim=1,2", "model=small"], ["+a=1,2", "+b=x,y", "+c=p,q"], ["+b=x,y", "seed=5", "+a=1,2"]],
    *[["+a=1,1"], ["seed=1,2,"], ["seed=,"], ["seed=1,2", "none=3"], ["seed=1,2", "~none"], ["seed=1,2", "model.dim=${seed}"], ["model.dim=${seed},${epochs}"], ["title=é,ü"], ["title='é','ü'"], ["title=a\\,b,c"], ["title=a\\,b"], ["title='',x"], ["title=-,+"]],
    *[["model={dim: 1},{dim: 2}", "model.dim=3"], ["seed=1,2", "epochs=${seed}", "seed=5"], ["+a={x: 1}", "a.x=1,2", "a.y=3"], ["~tags", "seed=1,2", "+tags=[c]"]],
    *[["+a=choice (1,2)"], ["model=glob (s*)"], ["+a=choice\t( 1 , 2 )"], ["+a=1\\ ,2"], ["+a=1,x\\ "], ["tags.0=x,y"], ["model.jtg.layers.1=5,6", "seed=1,2"]],
    *[["+a=1,range (2,3)"], ["+part=global,elsewhere"], ["+part=glob(*-header)"]],
    *[["seed=.5,5."], ["seed=1 ,2 "], ["seed=[1,2]"], ["seed=(1,2)"], ["seed={1,2}"], ["seed=int(1,2)"], ["seed=shuffle(1)"], ["~optimizer", "seed=1,2"], ["~optimizer=adam,sgd"], ["optimizer=adam,null"], ["optimizer=adam,sgd", "model=tass,small", "seed=1,2"], []],
]

CASES = [
    *[(name,) for name in FILES if "/" not in name or name.startswith("ablations/")],
    *[("main", *([words] if isinstance(words, str) else words)) for words in OVERRIDES],
    *[("value", f"x={value}") for value in VALUES],
    *OTHERS,
]


def contents(config):
    return OmegaConf.to_container(config, resolve=True)


def outcome(make):
    """What `make` gives, or the kind of its error."""
    try:
        return make()
    except Exception as error:
        return {"error": type(error).__name__}


def composed(name, *words):
    return {"config": contents(compose(name, list(words)))}


def jobs(name, words):
    parsed = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader()).parse_overrides(list(words))
    batches = BasicSweeper.split_arguments(parsed, max_batch_size=None)
    return {"jobs": [contents(compose(name, job)) for batch in batches for job in batch]}


def json_number(value):
    """JSON has no infinity and no NaN."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float {value}"
    if isinstance(value, dict):
        return {key: json_number(child) for key, child in value.items()}
    return [json_number(child) for child in value] if isinstance(value, list) else value


def main():
    os.environ.update(ENVIRONMENT)
    files = {f"{name}.yaml": textwrap.dedent(text).strip() + "\n" for name, text in FILES.items()}
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            (Path(root) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(root) / name).write_text(text)
        with initialize_config_dir(root, version_base="1.3"):
            cases = [{"words": words, "hydra": outcome(lambda: composed(*words))} for words in CASES]
            cases += [{"words": ("main", "-m", *words), "hydra": outcome(lambda: jobs("main", words))} for words in SWEEPS]
    versions = {name: version(name) for name in ("hydra-core", "omegaconf", "PyYAML")}
    head = {"madeBy": "tools/parity/hydra_compositions.py", "versions": versions, "environment": ENVIRONMENT, "files": files}
    TARGET.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(json_number(case), ensure_ascii=False) for case in cases)
    TARGET.write_text(f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n"cases": [\n{lines}\n]\n}}\n')
    print(f"{TARGET}: {len(cases)} cases, {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
