"""Profiles: scripts that take them run, and show all that is not a time or the name of an op."""

from parity_tests.behaviours.program import behaviour
from parity_tests.documents.stage import module


@behaviour
def taking_a_profile(lib, show):
    profiler = lib.autograd.profiler
    net, x = lib.nn.Linear(4, 2), lib.ones(3, 4)
    with profiler.profile() as prof:
        for _ in range(2):
            with profiler.record_function("forward"):
                with profiler.record_function("inside"):
                    y = net(x).relu()
        y.sum().backward()
    averages = prof.key_averages()
    named = {entry.key: entry for entry in averages}
    show(named["forward"].count, named["inside"].count, named["forward"].cpu_time_total >= named["inside"].cpu_time_total > 0)
    show("autograd::engine::evaluate_function: AddmmBackward0" in named, any("relu" in key for key in named))
    table = averages.table(sort_by="self_cpu_time_total", row_limit=3).split("\n")
    show(table[0], table[1], len(table), table[-2][:21], averages.table(row_limit=0).split("\n")[1])
    show(type(averages).__name__, type(prof.total_average()).__name__, prof.self_cpu_time_total > 0)
    first = prof.function_events[0]
    show(first.name, first.cpu_parent, first.cpu_children[0].name, first.count, first.time_range.elapsed_us() > 0)
    show(str(prof).startswith("-----"), len(prof.table()) > 100)


@behaviour
def profiles_not_taken(lib, show):
    profiler = lib.autograd.profiler
    with profiler.profile(enabled=False) as prof:
        show(prof)

    @profiler.record_function("named")
    def f():
        return lib.ones(1)

    show(f())
    with profiler.record_function("alone"), profiler.emit_nvtx(enabled=False), profiler.emit_itt(enabled=False):
        show(f() * 2)


@behaviour
def profiles_step_by_step(lib, show):
    profiler = module(lib, "profiler")
    for options in ({}, {"repeat": 1}, {"skip_first": 2}, {"repeat": 2, "skip_first": 1}):
        pick = profiler.schedule(wait=1, warmup=1, active=2, **options)
        show([pick(i).name for i in range(12)])
    with profiler.profile(activities=[profiler.ProfilerActivity.CPU], record_shapes=True,
                          schedule=profiler.schedule(wait=1, warmup=1, active=2, repeat=1),
                          on_trace_ready=lambda p: show("ready", p.step_num)) as prof:  # fmt: skip
        for _ in range(6):
            with profiler.record_function("step"):
                lib.ones(2) * 2
            prof.step()
    show({e.key: e.count for e in prof.key_averages()}.get("step"))
    with profiler.profile(on_trace_ready=lambda p: show("ready", p.step_num)) as prof:
        lib.ones(2, 3) @ lib.ones(3, 1)
    show(any("mm" in e.key for e in prof.key_averages()), prof.key_averages().table().split("\n")[1][-60:])


@behaviour
def states_of_devices(lib, show):
    checkpoint = module(lib, "utils.checkpoint")
    show(checkpoint.get_device_states(lib.ones(2), 3, [lib.ones(1)]), checkpoint.set_device_states([], []))
    show(checkpoint.DefaultDeviceType.get_device_type())


@behaviour
def profiles_beside_other_modes(lib, show):
    """Modes begin inside one another and end in any order"""
    profiler, dual = lib.autograd.profiler, lib.autograd.forward_ad
    x = lib.tensor([2.0, 3.0])

    def tangent():
        d = dual.make_dual(x, lib.ones(2))
        return dual.unpack_dual(d * d).tangent

    with profiler.profile() as around, dual.dual_level():
        show(tangent())
    show(any("mul" in entry.key for entry in around.key_averages()))

    ended_inside, begun_inside = profiler.profile(), profiler.profile()
    ended_inside.__enter__()
    with dual.dual_level():
        ended_inside.__exit__(None, None, None)
        show(tangent())
        begun_inside.__enter__()
    lib.exp(x)
    begun_inside.__exit__(None, None, None)
    show(any("exp" in entry.key for entry in begun_inside.key_averages()), x * x)

    with lib.autograd.set_detect_anomaly(True), profiler.profile() as prof:
        y = lib.ones(2, requires_grad=True)
        (y * y).sum().backward()
    show(y.grad, any("MulBackward0" in entry.key for entry in prof.key_averages()), lib.is_anomaly_enabled())
