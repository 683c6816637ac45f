"""The parity suite: the same program run with torch and with minigrad, and everything visible compared.

How to run it
    make parity                          every op case and a few samples of each OpInfo entry; one line an op
    make parity-full                     all samples and dtypes, and the speed; out/parity.html, out/parity.json
    python -m parity_tests softmax --by-dtype        one op, a line for each dtype
    python -m parity_tests --help        ops, kinds, dtypes, backends, orders of derivative, samples
    pytest parity_tests -k "cumsum"      the same checks as tests, besides everything that is not about one op

What a case is (case.py, ops/)
    case("lerp", "scalar weight", lambda lib, x, y: lib.lerp(x, y, 0.3), T(2, 3), T(2, 3))
is an op, a name, a program of the library, and its inputs: T(shape) is drawn from [-2, 2) in the dtype under test, V(values)
is as given, I and B are indices and masks.  `dtypes=` lists the dtypes (the first one is tried in every layout), `kinks=
"special ties"` adds infinities, nan, signed zeros and equal neighbours, `inplace=` is the same program on a clone of its
first input, `order=` says how often it can be differentiated.  Nothing else is written down: what is expected comes from
torch as it runs.  A case that raises in torch must raise the same class and text here.

What is compared (checkers.py)
    value     structure, dtype, shape, strides, values, requires_grad, is_leaf, versions; inputs left as they were
    gradient  of every differentiable output, for random cotangents (ones would hide a wrong permutation)
    second    gradients of those gradients, for inputs and cotangents
    graph     node names, edges, which leaf each AccumulateGrad belongs to
    variant   OpInfo: the method and the in-place method; out: with out=; error: its error inputs

What is compared in forward mode (forward.py, test_forward_ad.py), on the same cases and OpInfo's samples
    forward    the tangents of the results, recorded and not
    mixed      the tangents of the gradients, and the gradients of the tangents; differences stand in forward_deviations.py

How close is equal (compare.py)
    float64 1e-7 relative and absolute, float32 1.3e-6 and 1e-5: torch.testing.assert_close's defaults.  A program in
    float64 alone must also be nearer than a step in float32 would leave it.  float16 is allowed four units in the last
    place (reason in compare.py); any other tolerance stands beside its case with its reason.  Errors are reported in units
    of the last place (ulps) of torch's value; one much smaller than 1 or its neighbours counts with the unit of a thousandth.

How to read the table (report.py) and the page (page.py)
    dtypes    f64 passes, f64* differs where a known deviation says so, f64! fails
    value, gradient, second   the largest error in ulps among the checks that pass
    graph     programs whose graph is torch's / compared (for OpInfo measured, not judged)
    errors    error inputs that raise torch's class / torch's text / of how many
    speed     time here / time in torch on a small input, then with the backward pass

What is known to differ stands in deviations.py and op_deviations.py, each line with its reason.  Lines are strict: one whose
check passes fails the run.  faults.py plants faults in minigrad that the suite must notice; `python -m parity_tests.mutants`
makes every derivative formula wrong in turn, and lists those that it does not.
"""
