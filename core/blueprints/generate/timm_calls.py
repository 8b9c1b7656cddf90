# SPDX-License-Identifier: Apache-2.0
"""timm models inside transformers models: what timm.create_model was called with.

Such a model is described by timm's own blueprints, and the class around it only says which one, with which arguments. That
holds where the class being traced makes the model itself and leaves it as it is. Elsewhere (in a class with a timm model
somewhere below it, which may go by its widths) the modules are described as they are, for this one name only.
"""
import dataclasses

from . import expr as E
from . import symbols as S
from .decide import decide, ranked
from .examples import Unsolved, generalise
from .trace import Changed, Trace, owner_of
from .whole_models import Replacement, together


@dataclasses.dataclass(eq=False)
class Call:
    name: tuple  # (expression, value)
    arguments: dict  # name -> (expression, value), none of them None
    more: tuple | None  # (expression, value) of an object of more arguments
    owner: object  # the module whose constructor makes the call
    conditions: list  # what has to hold where the modules are described after all
    replace: Replacement | None = None  # what stands in the place of some of its modules

    def plain(self):
        """(architecture, arguments, replacement), to be compared."""
        more = {} if self.more is None else {k: v for k, v in self.more[1].items() if v is not None}
        return self.name[1], {**{k: v for k, (_, v) in self.arguments.items()}, **more}, self.replace


def install():
    import timm

    original = timm.create_model

    def create_model(name, **arguments):
        trace = S.Log.current
        if not isinstance(trace, Trace):
            return original(name, **arguments)
        call = _call(trace, name, arguments)
        # timm's constructors see plain values, but for numbers: where the modules are described after all, they may hang on these.
        model = original(S.plain(name), **{k: v if isinstance(v, S.SymInt) and not isinstance(v, S.SymBool) else S.plain(v) for k, v in arguments.items()})
        trace.note_made(model)
        trace.calls[id(model)] = call
        return model

    timm.create_model = create_model


def _call(trace, name, arguments):
    given = {k: v for k, v in arguments.items() if v is not None and not (k == "pretrained" and not S.plain(v))}
    conditions = []
    for value in (name, *given.values()):
        if isinstance(value, (S.SymStr, S.SymBool)) or isinstance(value, S.SymList) and value.expr is not None:
            conditions.append(trace.noted(("cmp", "==", value.expr, E.const(S.plain(value))), True))
    more = None
    for source, values in trace.unpacked:
        same = all(S.expr_of(given[k]) == ("item", source, E.const(k)) if isinstance(given.get(k), S.Sym) else given.get(k) == v for k, v in values.items())
        if values and same:
            more = source, S.plain(values)
            given = {k: v for k, v in given.items() if k not in values}
            break
    return Call(_both(name), {k: _both(v) for k, v in given.items()}, more, owner_of(), conditions)


def _both(value):
    plain = S.plain(value)
    plain = list(plain) if isinstance(plain, tuple) else plain
    return S.expr_of(value) if isinstance(value, S.Sym) else E.const(plain), plain


def node(examples, features, path):
    """The blueprint's node for these calls."""
    calls = [example.node.call for example in examples]
    name = _decided(examples, [c.name for c in calls], features, path + ("architecture",))
    out = {"timm": E.text(name)}
    arguments = {}
    for key in dict.fromkeys(k for c in calls for k in c.arguments):
        found = [c.arguments.get(key, (E.NONE, None)) for c in calls]
        arguments[key] = E.say(_decided(examples, found, features, path + (key,)))
    if arguments:
        out["arguments"] = arguments
    sources = {E.text(c.more[0]) for c in calls if c.more is not None}
    for source in sources:
        if len(sources) > 1 or any((example.value(source) or {}) != (c.more[1] if c.more else {}) for example, c in zip(examples, calls)):
            raise Unsolved(f"{'.'.join(path)}: more arguments")
        out["more"] = source
    replace = together(c.replace for c in calls)
    if replace is not None:
        out["replace"] = dict(replace)
    return out


def _decided(examples, found, features, path):
    pools = [generalise(expression, example) for (expression, _), example in zip(found, examples)]
    return decide(examples, [value for _, value in found], ranked(pools), features, ".".join(path))


# any names will do that are of several kinds and quick to make
NAMES = {"resnet18", "mobilenetv3_small_050", "vit_tiny_patch16_224", "swin_tiny_patch4_window7_224"}
ARGUMENTS = [{"in_chans": 5}, {"in_chans": 1, "drop_rate": 0.1}, {"features_only": True, "out_indices": [0, 1]}, {}]


def suggest(hints, scope):
    """What may stand in the fields of a config from which a timm model is made."""
    for key, kinds in hints.types.items():
        if "str" in kinds:
            hints.words.setdefault(key, set()).update(NAMES)
        if "dict" in kinds and not scope.get(key):
            hints.objects[key] = ARGUMENTS


def unchanged(explorer):
    """The condition under which a timm model stays as it was made, in a list; none where it always does. Raises Unsolved.

    A switch counts as changing all models where it changes some.
    """
    changed = [(env, error) for env, error in explorer.refusals if isinstance(error, Changed)]
    if not changed:
        return []
    best = None
    for question in {E.text(c.expr): c.expr for _, error in changed for c in error.conditions}.values():
        answers = {E.holds(question, env) for env, _ in changed}
        if len(answers) == 1 and None not in answers:
            others = sum(E.holds(question, env) in answers for env, _ in explorer.results)
            if others < len(explorer.results) and (best is None or others < best[0]):
                best = others, question if False in answers else E.negate(question)
    if best is None:
        raise Unsolved("when a timm model is changed after it was made")
    return [E.text(best[1])]
