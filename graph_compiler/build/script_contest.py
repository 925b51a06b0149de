"""A contest in lines: in each step the discriminator learns to tell real from made, then what it judges learns to pass."""

from __future__ import annotations

from graph_compiler.analysis.goals import ContestPlan, End
from graph_compiler.build.script_step import METRICS, Taught, figure_lines, indented
from graph_compiler.build.source import optimizer_text
from graph_compiler.build.source_layers import several
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings

_WORDS = {
    "non_saturating": "Real is 1, made is 0 (Goodfellow et al. 2014)",
    "least_squares": "Real should score 1, made 0 (Mao et al. 2017)",
    "hinge": "Real should score above 1, made below -1 (Lim and Ye 2017)",
    "wasserstein": "Real should score higher than made (Arjovsky et al. 2017)"}


def contest_class(taught: Taught, settings: TrainingSettings, noise: dict[str, str], moving_rate: bool) -> tuple[
        list[str], list[str]]:
    """Lines that make the models both sides read, and functions and the class that trains them.

    `noise` is the text that draws each noise column, by name, given `rows` and `seed`.
    """
    (contest,) = taught.plan.contests
    punished = contest.values["penalty"] == "gradient"
    inputs = [*contest.real_inputs.values(), *contest.fake_inputs.values()] if punished else []
    judged = taught.reading("judged", [contest.fake, contest.real, *inputs])
    plain = [*(o.prediction for o in taught.plan.objectives), *(e for t in taught.plan.terms for e in t.ends.values())]
    computed = [o.target for o in taught.plan.objectives if o.target not in taught.columns]
    passing = taught.reading("passing", [*plain, *computed, contest.fake])
    tensors = taught.written.tensors
    taken = several(tensors[end] for end in contest.fake_inputs.values())
    models = ["", "# The discriminator alone, what it judges, and what wants to pass.",
              f"judge = keras.Model({taken}, {tensors[contest.fake]})", taught.made(judged), taught.made(passing)]
    d_loss, g_loss = "discriminator_loss", "loss"
    totals = [g_loss, d_loss, *_part_names(taught, contest)]
    text = [
        *_functions(contest), *_noise(noise),
        "class Training(keras.Model):",
        '    """In each step the discriminator learns to tell real from made, then what it judges learns to pass."""', "",
        "    def __init__(self):", "        super().__init__()",
        "        self.judge, self.judged, self.passing = judge, judged, passing",
        "        self.makers = [layer for layer in passing.layers if layer not in judge.layers]",
        f"        self.criteria = {taught.criteria()}",
        f"        self.judging = {optimizer_text(_of(settings, contest.discriminator), '')}",
        f"        self.making = {optimizer_text(_of(settings, ''), '')}",
        "        self.judging.build(judge.trainable_variables)", "        self.making.build(self.made_weights)",
        *figure_lines(totals, taught), "", *_WEIGHTS.splitlines(), "",
        "    def discriminator_loss(self, batch, training, seed=None):",
        '        """What the discriminator minimises; the figures take the batch in."""',
        *indented([taught.called(judged), *_scores(taught, contest), *_judging(taught, contest)], 2), "",
        "    def generator_loss(self, batch, training):",
        '        """What everything before the discriminator minimises."""',
        *indented([taught.called(passing), f"rows = tf.shape({tensors[contest.fake]})[0]", "parts = {}", *taught.all_parts(),
                   *_making(taught, contest)], 2), "",
        *(_penalty(taught, contest) if punished else []),
        *_step(contest, settings, moving_rate, bool(noise)), "", *_REST.splitlines(), "", ""]
    return models, text


def _of(settings: TrainingSettings, group: str) -> OptimizerSettings:
    return settings.optimizers.get(group) or settings.optimizers[""]


def _part_names(taught: Taught, contest: ContestPlan) -> list[str]:
    prefix = taught.prefix(contest.node)
    parts = [f"{node}_loss" for node in (*taught.plan.goals.plain, contest.node)] + [f"{contest.node}_discriminator_loss"]
    return [*(parts if taught.several else []), f"{prefix}real_score", f"{prefix}fake_score"]


# What each side minimises.


def _functions(contest: ContestPlan) -> list[str]:
    kind, truth = contest.values["loss"], 1.0 - contest.values["label_smoothing"]
    judging = {
        "non_saturating": f"crossentropy(real, {truth!r}) + crossentropy(fake, 0.0)",
        "least_squares": f"tf.reduce_mean(tf.square(real - {truth!r})) + tf.reduce_mean(tf.square(fake))",
        "hinge": f"tf.reduce_mean(tf.nn.relu({truth!r} - real)) + tf.reduce_mean(tf.nn.relu(1.0 + fake))",
        "wasserstein": "tf.reduce_mean(fake) - tf.reduce_mean(real)"}
    making = {"non_saturating": "crossentropy(fake, 1.0)", "least_squares": "tf.reduce_mean(tf.square(fake - 1.0))"}
    out = ["def tells_apart(real, fake):", f'    """{_WORDS[kind]}; both are scores."""', f"    return {judging[kind]}", "", "",
           "def passes(fake):", '    """The opposite, for made samples only."""',
           f"    return {making.get(kind, '-tf.reduce_mean(fake)')}", "", ""]
    if kind == "non_saturating":
        out = [*(_LOGITS if contest.logits else _SURE).splitlines(), "", "", *out]
    return [*out, *_MOVING.splitlines(), "", ""]


_LOGITS = '''def crossentropy(scores, label):
    """The mean cross-entropy of scores of any size and one label."""
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(tf.shape(scores), label), scores))'''
_SURE = '''def crossentropy(scores, label):
    """The mean cross-entropy of probabilities and one label."""
    sure = tf.clip_by_value(scores, 1e-7, 1.0 - 1e-7)
    return -tf.reduce_mean(label * tf.math.log(sure) + (1.0 - label) * tf.math.log(1.0 - sure))'''
_MOVING = '''def moving(layers):
    """What a call in training changes by itself, such as the statistics of BatchNormalization."""
    found = [v for layer in layers for v in layer.non_trainable_variables]
    found += [v for layer in layers if isinstance(layer, keras.layers.SpectralNormalization) for v in layer.trainable_variables]
    return [variable for variable in found if "float" in str(variable.dtype)]'''
_WEIGHTS = '''    @property
    def made_weights(self):
        """What the second phase trains."""
        return [variable for layer in self.makers for variable in layer.trainable_variables]'''


def _scores(taught: Taught, contest: ContestPlan) -> list[str]:
    tensors, prefix = taught.written.tensors, taught.prefix(contest.node)
    return [f'self.figures["{prefix}{side}_score"].update_state({tensors[end]})'
            for side, end in (("real", contest.real), ("fake", contest.fake))]


def _judging(taught: Taught, contest: ContestPlan) -> list[str]:
    tensors = taught.written.tensors
    out = [f"rows = tf.shape({tensors[contest.fake]})[0]",
           f"loss = tells_apart({tensors[contest.real]}, {tensors[contest.fake]})"]
    if contest.values["penalty"] == "gradient":
        ends = dict.fromkeys([*contest.real_inputs.values(), *contest.fake_inputs.values()])
        given = ", ".join(tensors[end] for end in ends)
        out += ["if seed is not None:", f"    loss += {contest.values['penalty_weight']!r} * self.penalty({given}, seed)"]
    if contest.weight != 1:
        out.append(f"loss *= {contest.weight!r}")
    if taught.several:
        out.append(f'self.figures["{contest.node}_discriminator_loss"].update_state(loss, sample_weight=rows)')
    return [*out, "loss = tf.add_n([loss, *self.judge.losses])",
            'self.figures["discriminator_loss"].update_state(loss, sample_weight=rows)', "return loss"]


def _making(taught: Taught, contest: ContestPlan) -> list[str]:
    weight = "" if contest.weight == 1 else f"{contest.weight!r} * "
    out = [f'parts["{contest.node}"] = {weight}passes({taught.written.tensors[contest.fake]})']
    if taught.several:
        out += ["for name, value in parts.items():", '    self.figures[f"{name}_loss"].update_state(value, sample_weight=rows)']
    return [*out, "loss = tf.add_n([*parts.values(), *(loss for layer in self.makers for loss in layer.losses)])",
            'self.figures["loss"].update_state(loss, sample_weight=rows)', "return loss"]


def _penalty(taught: Taught, contest: ContestPlan) -> list[str]:
    tensors, ends = taught.written.tensors, dict.fromkeys([*contest.real_inputs.values(), *contest.fake_inputs.values()])
    lines, given, mixed = [], [], []
    for number, (port, fake) in enumerate(contest.fake_inputs.items()):
        real: End = contest.real_inputs[port]
        if real == fake:
            given.append(tensors[fake])
            continue
        name, rank = f"between_{port}", taught.analysis.engine.facts[fake[0]].outputs[fake[1]].rank + 1
        shape = ", ".join([f"tf.shape({tensors[fake]})[0]", *["1"] * (rank - 1)])
        lines += [f"share = tf.random.stateless_uniform([{shape}], seed{f' + {number}' if number else ''})",
                  f"{name} = tf.stop_gradient({tensors[real]} + share * ({tensors[fake]} - {tensors[real]}))"]
        given.append(name)
        mixed.append(name)
    watched = f"[{', '.join(mixed)}]"
    return [f"    def penalty(self, {', '.join(tensors[end] for end in ends)}, seed):",
            '        """How far the slope of the score is from 1 between real and made samples (Gulrajani et al. 2017)."""',
            *indented([*lines, "with tf.GradientTape(watch_accessed_variables=False) as tape:", f"    tape.watch({watched})",
                       f"    score = self.judge({several(given)}, training=True)", f"slopes = tape.gradient(score, {watched})",
                       "squares = tf.add_n([tf.reduce_sum(tf.square(slope), axis=list(range(1, slope.shape.rank)))"
                       " for slope in slopes])", "return tf.reduce_mean(tf.square(tf.sqrt(squares + 1e-12) - 1.0))"], 2), ""]


# The step.


def _noise(noise: dict[str, str]) -> list[str]:
    if not noise:
        return []
    return ["def draw(rows, seed):", '    """Noise by name, drawn anew in each phase of each step, the same for a seed."""',
            "    return {" + ", ".join(f'"{name}": {text}' for name, text in noise.items()) + "}", "", ""]


def _step(contest: ContestPlan, settings: TrainingSettings, moving_rate: bool, noisy: bool) -> list[str]:
    every = contest.values["discriminator_steps"]
    base, own = settings.optimizers[""], _of(settings, contest.discriminator)
    factor = own.learning_rate / base.learning_rate if base.learning_rate else 1.0
    rates = ["rate = Rate()(step)", f"self.judging.learning_rate = {factor!r} * rate", "self.making.learning_rate = rate"]
    drawn = [f"{{**batch, **draw(rows, tf.stack([SEED * 16 + {phase}, step]))}}" if noisy else "batch" for phase in (0, 1)]
    turn = f"self.second_phase({drawn[1]})"
    second = [turn] if every == 1 else [
        f"# The discriminator takes {every} steps for one of the others.",
        f"tf.cond(step % {every} == {every - 1},", f"        lambda: {turn},", "        lambda: tf.constant(0.0))"]
    lines = ["batch, step = data[0], tf.cast(self.judging.iterations, tf.int32)", *(rates if moving_rate else []),
             "rows = tf.shape(next(iter(batch.values())))[0]",
             f"self.first_phase({drawn[0]}, tf.stack([SEED * 16, step]))", *second,
             "return {name: figure.result() for name, figure in self.figures.items()}"]
    return ["    def train_step(self, data):", *indented(lines, 2), "", *_PHASES.splitlines()]


_PHASES = '''    def first_phase(self, batch, seed):
        """The discriminator learns; statistics of what made the samples stay as they were."""
        held = moving([layer for layer in self.judged.layers if layer not in self.judge.layers])
        before = [tf.identity(variable) for variable in held]
        with tf.GradientTape() as tape:
            loss = self.discriminator_loss(batch, True, seed)
        for variable, value in zip(held, before):
            variable.assign(value)
        weights = self.judge.trainable_variables
        self.judging.apply(tape.gradient(loss, weights), weights)

    def second_phase(self, batch):
        """What is judged learns; the discriminator stays as it was."""
        held = moving(self.judge.layers)
        before = [tf.identity(variable) for variable in held]
        with tf.GradientTape() as tape:
            loss = self.generator_loss(batch, True)
        for variable, value in zip(held, before):
            variable.assign(value)
        self.making.apply(tape.gradient(loss, self.made_weights), self.made_weights)
        return loss'''
_REST = '''    def test_step(self, data):
        self.discriminator_loss(data[0], False)
        self.generator_loss(data[0], False)
        return {name: figure.result() for name, figure in self.figures.items()}

    def take_averages(self):
        """Put moving averages in place of the weights, where an optimiser keeps them."""
        for optimizer, weights in ((self.judging, self.judge.trainable_variables), (self.making, self.made_weights)):
            if optimizer.use_ema:
                optimizer.finalize_variable_values(weights)

''' + METRICS
