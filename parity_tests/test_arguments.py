"""Arguments of the wrong type: torch's parser names the argument, its position, and what it should have been."""

import pytest

from parity_tests.same import check

X, ROWS = "lib.zeros(2, 4, 3)", "lib.zeros(2, 3)"
CALLS = f"""
F.layer_norm(None, (3,))|F.layer_norm({X}, (2.0,))|F.layer_norm({X}, [4, 'a'])|F.layer_norm({X}, 'a')|F.layer_norm({X}, (3,), 2)
F.layer_norm({X}, (3,), eps='a')|F.group_norm({X}, 2.5)|F.group_norm({X}, 2, None, 3)|F.rms_norm({X}, None)|F.rms_norm(3, (3,))
F.batch_norm({X}, 1, 2)|F.batch_norm({X}, None, None, 'a', training=True)|F.batch_norm({X}, None, None, training=True, eps=None)
F.instance_norm({X}, 1, lib.zeros(4))|F.instance_norm({X}, eps='a')|F.bilinear({ROWS}, None, lib.zeros(2, 3, 3))
F.bilinear({ROWS}, {ROWS}, 3)|F.bilinear(input1={ROWS}, input2={ROWS}, weight='a')|F.pairwise_distance({ROWS}, None)
F.pairwise_distance({ROWS}, {ROWS}, p='a')|F.cosine_similarity({ROWS}, 'a')|F.cosine_similarity({ROWS}, {ROWS}, dim=1.5)
F.pdist(None)|F.pdist({ROWS}, p=None)|F.soft_margin_loss({ROWS}, None)|F.hinge_embedding_loss(None, {ROWS})
F.hinge_embedding_loss({ROWS}, {ROWS}, margin='a')|F.cosine_embedding_loss({ROWS}, {ROWS}, None)
F.margin_ranking_loss({ROWS}, {ROWS}, {ROWS}, margin=None)|F.multi_margin_loss(2, lib.zeros(2))|F.kl_div(None, {ROWS})
F.kl_div({ROWS}, 'a')|F.poisson_nll_loss({ROWS}, None)|F.poisson_nll_loss({ROWS}, {ROWS}, eps='a', log_input=False)
F.triplet_margin_loss({ROWS}, {ROWS}, {ROWS}, p='a')|F.pixel_shuffle(None, 2)|F.pixel_shuffle({X}, 1.5)
F.pixel_unshuffle({X}, downscale_factor='a')|F.channel_shuffle({X}, groups=1.5)|F.prelu({X}, None)|F.glu({X}, 'a')
F.one_hot(None)|F.one_hot(lib.zeros(2, dtype=lib.int64), 'a')|lib.softmax(None, 1)|lib.log_softmax({X}, 'a')
F.scaled_dot_product_attention(None, {X}, {X})|F.scaled_dot_product_attention({X}, {X}, {X}, dropout_p='a')
F.grid_sample({X}, None, align_corners=True)|lib.grid_sampler_2d({X}, 1, 0, 0, True)|lib.grid_sampler(1, {X}, 0, 0, True)
lib.native_layer_norm({X}, (3,), 'a', None, 1e-5)|lib.native_batch_norm({X}, 2, None, None, None, True, 0.1, 1e-5)
""".strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("call", CALLS)
def test_wrong_type(call, lib):
    outcome = check(lambda lib: eval(call, {"lib": lib, "F": lib.nn.functional}), lib)[0]
    assert outcome[:2] == ("raised", "TypeError"), outcome
